using System.Text;

namespace TrackWatch.Worker.Registering.Replying;

/// <summary>Bytes of mails as text, as far as they can be read: what is broken in them becomes � or is left out.</summary>
internal static class MimeText
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static string Utf8OrLatin(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (ArgumentException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    /// <param name="charset">Empty or unknown: UTF-8 where the bytes are that, else Latin 1.</param>
    public static string Decode(ReadOnlySpan<byte> bytes, string charset) =>
        EncodingOf(charset.Trim().Trim('"')) is { } encoding ? encoding.GetString(bytes) : Utf8OrLatin(bytes);

    private static Encoding? EncodingOf(string charset)
    {
        // us-ascii is what clients say who do not know better; UTF-7 can hide what it says.
        if (charset.ToUpperInvariant() is "" or "US-ASCII" or "ASCII" or "UTF-8" or "UTF8" or "UTF-7")
            return null;
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    public static byte[] Transferred(ReadOnlySpan<byte> body, string encoding) =>
        encoding.Trim().ToUpperInvariant() switch
        {
            "BASE64" => Base64(body),
            "QUOTED-PRINTABLE" => QuotedPrintable(body),
            _ => body.ToArray(),
        };

    /// <summary>Letters outside the alphabet are passed over, a cut end is left out.</summary>
    public static byte[] Base64(ReadOnlySpan<byte> text)
    {
        var letters = new byte[text.Length + 3];
        var count = 0;
        foreach (var b in text)
        {
            if (b == '=')
                break;
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'+' or (byte)'/')
                letters[count++] = b;
        }
        if (count % 4 == 1)
            count--;
        while (count % 4 != 0)
            letters[count++] = (byte)'=';
        var bytes = new byte[System.Buffers.Text.Base64.GetMaxDecodedFromUtf8Length(count)];
        System.Buffers.Text.Base64.DecodeFromUtf8(letters.AsSpan(0, count), bytes, out _, out var written);
        return bytes[..written];
    }

    public static byte[] QuotedPrintable(ReadOnlySpan<byte> text)
    {
        var bytes = new byte[text.Length];
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '=')
                bytes[count++] = text[i];
            else if (i + 2 < text.Length && Digit(text[i + 1]) is { } high && Digit(text[i + 2]) is { } low)
            {
                bytes[count++] = (byte)((high << 4) | low);
                i += 2;
            }
            else
            {
                // A soft line end, which blanks may precede; anything else is kept as it is.
                var end = i + 1;
                while (end < text.Length && text[end] is (byte)' ' or (byte)'\t' or (byte)'\r')
                    end++;
                if (end >= text.Length || text[end] == '\n')
                    i = end;
                else
                    bytes[count++] = (byte)'=';
            }
        }
        return bytes[..count];

        static int? Digit(byte b) => char.IsAsciiHexDigit((char)b) ? Convert.ToInt32(((char)b).ToString(), 16) : null;
    }
}
