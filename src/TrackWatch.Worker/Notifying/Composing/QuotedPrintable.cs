using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace TrackWatch.Worker.Notifying.Composing;

/// <summary>RFC 2045, 6.7, for UTF-8 text; the framework can only read it (System.Net.Mail keeps its writer to itself).</summary>
internal static class QuotedPrintable
{
    private const int LineWidth = 76;

    /// <summary>False where the bytes are no UTF-8 text with CRLF line ends: those could not be given back to the byte.</summary>
    public static bool TryEncode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? encoded)
    {
        encoded = null;
        var text = new StringBuilder(bytes.Length + (bytes.Length / 8));
        var width = 0;
        for (var rest = bytes; !rest.IsEmpty; )
        {
            if (rest.StartsWith("\r\n"u8))
            {
                text.Append("\r\n");
                rest = rest[2..];
                width = 0;
                continue;
            }
            if (
                rest[0] is (byte)'\r' or (byte)'\n'
                || Rune.DecodeFromUtf8(rest, out var rune, out var length) != System.Buffers.OperationStatus.Done
            )
                return false;
            var line = rest[length..];
            var ends = line.IsEmpty || line.StartsWith("\r\n"u8);
            var written = Written(rune, ends, startsFrom: width == 0 && rest.StartsWith("From "u8), width == 0);
            // A soft break takes the line's last column.
            if (width + written.Length > LineWidth - (ends ? 0 : 1))
            {
                text.Append("=\r\n");
                written = Written(rune, ends, startsFrom: rest.StartsWith("From "u8), first: true);
                width = 0;
            }
            text.Append(written);
            width += written.Length;
            rest = line;
        }
        encoded = text.ToString();
        return true;
    }

    /// <summary>
    /// Whether text is better so than as base64: people can read it, filters trust it, and Turkish is hardly longer; Cyrillic
    /// or Arabic would be more than twice as long, and readable to nobody.
    /// </summary>
    public static bool IsBetter(int length, int base64) => length <= base64 * 3 / 2;

    /// <summary>What <see cref="TryEncode"/> was given.</summary>
    public static byte[] Decode(string encoded)
    {
        var bytes = new List<byte>(encoded.Length);
        foreach (var (i, piece) in encoded.Replace("=\r\n", "").Split('=').Index())
        {
            if (i > 0)
                bytes.Add(Convert.FromHexString(piece.AsSpan(0, 2))[0]);
            bytes.AddRange(Encoding.ASCII.GetBytes(i > 0 ? piece[2..] : piece));
        }
        return [.. bytes];
    }

    public static string Escaped(Rune rune)
    {
        Span<byte> bytes = stackalloc byte[4];
        var text = new StringBuilder(12);
        foreach (var one in bytes[..rune.EncodeToUtf8(bytes)])
            text.Append('=').Append(one.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        return text.ToString();
    }

    // Blanks at a line's end get lost on the way; a dot or "From " at its beginning means something to servers and mailboxes.
    private static string Written(Rune rune, bool ends, bool startsFrom, bool first) =>
        rune.Value switch
        {
            ' ' or '\t' => ends ? Escaped(rune) : rune.ToString(),
            '.' when first => Escaped(rune),
            'F' when startsFrom => Escaped(rune),
            >= '!' and <= '~' and not '=' => rune.ToString(),
            _ => Escaped(rune),
        };
}
