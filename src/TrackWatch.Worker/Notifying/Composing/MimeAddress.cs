using System.Globalization;

namespace TrackWatch.Worker.Notifying.Composing;

/// <summary>A mail address with the name people see beside it.</summary>
/// <param name="Address">A bare <c>local@domain</c>; the domain may be written in any script.</param>
internal sealed record MailboxAddress(string Address, string? Name = null);

internal static class MimeAddress
{
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <summary>
    /// The form that headers and envelopes carry: the domain in ASCII (punycode), the local part as it is. Null where the
    /// text is no bare address: with spaces, brackets, quotes or control characters in it, no command can be smuggled in.
    /// </summary>
    public static string? ToWire(string address)
    {
        var at = address.LastIndexOf('@');
        if (at is < 1 or > 64 || address.AsSpan(0, at).ContainsAny(' ', '@') || !address[..at].All(IsLocal))
            return null;
        try
        {
            return address[..(at + 1)] + Idn.GetAscii(address[(at + 1)..]);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>A letter outside ASCII before the @ passes only through servers with SMTPUTF8.</summary>
    public static bool NeedsSmtpUtf8(string wire) => !System.Text.Ascii.IsValid(wire);

    /// <summary>RFC 5322 <c>atext</c>: what may stand in a name or an address without quotes.</summary>
    public static bool IsAtom(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".Contains(c);

    private static bool IsLocal(char c) =>
        c == '.' || IsAtom(c) || (!char.IsAscii(c) && !char.IsControl(c) && !char.IsWhiteSpace(c));
}
