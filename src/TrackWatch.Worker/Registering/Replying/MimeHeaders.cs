using System.Globalization;
using System.Net.Mail;
using System.Text;
using System.Text.RegularExpressions;

namespace TrackWatch.Worker.Registering.Replying;

/// <summary>The head of a message or of a part, as it came; names without case. Reading never fails.</summary>
internal sealed partial class MimeHeaders
{
    private const int MostHeaders = 500;
    private const int LongestValue = 20_000;

    private readonly List<(string Name, string Value)> all = [];

    public int Count => all.Count;

    /// <summary>All values of a header, unfolded, not decoded.</summary>
    public IReadOnlyList<string> Values(string name) =>
        [.. all.Where(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value)];

    /// <summary>The first value, unfolded, not decoded; empty where there is none.</summary>
    public string this[string name] => Values(name) is [var first, ..] ? first : "";

    /// <summary>With its encoded words (RFC 2047) as text.</summary>
    public string Decoded(string name) => Decode(this[name]);

    /// <summary>Message-IDs without their brackets, in the order they stand.</summary>
    public IReadOnlyList<string> Ids(string name) =>
        [.. Values(name).SelectMany(v => Id().Matches(v)).Select(m => m.Groups[1].Value).Take(100)];

    /// <summary>Bare addresses of a header, the domain in ASCII; empty where it cannot be read or stands there twice.</summary>
    public IReadOnlyList<string> Addresses(string name)
    {
        if (Values(name) is not [var value])
            return [];
        try
        {
            return [.. new MailAddressCollection { value }.Select(a => Plain(a.Address))];
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return [];
        }
    }

    /// <summary>The form in which addresses are compared: the domain in ASCII, as the wire carries it.</summary>
    public static string Plain(string address)
    {
        var at = address.LastIndexOf('@') + 1;
        try
        {
            return address[..at] + new IdnMapping().GetAscii(address[at..]);
        }
        catch (ArgumentException)
        {
            return address;
        }
    }

    /// <param name="rest">Where the body begins.</param>
    public static MimeHeaders Read(ReadOnlySpan<byte> bytes, out int rest)
    {
        var headers = new MimeHeaders();
        var (name, value) = ("", new StringBuilder());
        for (rest = 0; rest < bytes.Length; )
        {
            var line = LineAt(bytes, rest, out var next);
            rest = next;
            if (line.Length == 0)
                break;
            var text = MimeText.Utf8OrLatin(line);
            if (text[0] is ' ' or '\t')
            {
                if (value.Length < LongestValue)
                    value.Append(' ').Append(text.Trim());
                continue;
            }
            headers.Add(name, value);
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            // A line without a name, as the "From " of an mbox, is no header.
            name = colon > 0 && !text.AsSpan(0, colon).Contains(' ') ? text[..colon] : "";
            value.Clear().Append(name.Length > 0 ? text[(colon + 1)..].Trim() : "");
        }
        headers.Add(name, value);
        return headers;
    }

    /// <summary>A line without its end.</summary>
    public static ReadOnlySpan<byte> LineAt(ReadOnlySpan<byte> bytes, int from, out int next)
    {
        var end = bytes[from..].IndexOf((byte)'\n');
        next = end < 0 ? bytes.Length : from + end + 1;
        var line = bytes[from..(end < 0 ? bytes.Length : from + end)];
        return line is [.., (byte)'\r'] ? line[..^1] : line;
    }

    private void Add(string name, StringBuilder value)
    {
        if (name.Length > 0 && all.Count < MostHeaders)
            all.Add((name, value.Length > LongestValue ? value.ToString(0, LongestValue) : value.ToString()));
    }

    /// <summary>Encoded words as text; bytes of one character may be spread over neighbours.</summary>
    public static string Decode(string value)
    {
        var text = new StringBuilder();
        var (pending, charset, at) = (new List<byte>(), "", 0);
        foreach (Match word in EncodedWord().Matches(value))
        {
            var between = value[at..word.Index];
            var set = word.Groups["charset"].Value.Split('*')[0];
            if (pending.Count > 0 && (set != charset || !string.IsNullOrWhiteSpace(between)))
                Flush();
            if (at == 0 || !string.IsNullOrWhiteSpace(between))
                text.Append(between);
            charset = set;
            var encoded = word.Groups["text"].Value;
            pending.AddRange(
                word.Groups["kind"].Value is "b" or "B"
                    ? MimeText.Base64(Encoding.Latin1.GetBytes(encoded))
                    : MimeText.QuotedPrintable(Encoding.Latin1.GetBytes(encoded.Replace('_', ' ')))
            );
            at = word.Index + word.Length;
        }
        Flush();
        return text.Append(value.AsSpan(at)).ToString();

        void Flush()
        {
            text.Append(MimeText.Decode([.. pending], charset));
            pending.Clear();
        }
    }

    [GeneratedRegex(@"=\?(?<charset>[^?\s]{1,40})\?(?<kind>[bBqQ])\?(?<text>[^?]*)\?=")]
    private static partial Regex EncodedWord();

    [GeneratedRegex(@"<\s*([^<>\s]{3,900})\s*>")]
    private static partial Regex Id();
}
