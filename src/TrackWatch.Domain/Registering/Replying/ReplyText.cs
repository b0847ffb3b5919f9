using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace TrackWatch.Domain.Registering.Replying;

/// <summary>What somebody wrote themselves in an answer: without what they quote and without their signature.</summary>
public static partial class ReplyText
{
    /// <summary>Further down nobody writes a command.</summary>
    public const int OwnLinesAtMost = 6;

    private const int LongestBody = 20_000;

    /// <summary>The first lines of one's own, blank ones left out.</summary>
    public static IReadOnlyList<string> OwnLines(string body)
    {
        var own = new List<string>();
        var lines = Bounded(body).ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length && own.Count < OwnLinesAtMost; i++)
        {
            var line = Visible(lines[i]);
            if (EndsOwnWords(line, i + 1 < lines.Length ? Visible(lines[i + 1]) : ""))
                break;
            if (line.Length > 0 && line[0] is not ('>' or '|'))
                own.Add(line);
        }
        return own;
    }

    /// <summary>Text of an HTML body, good enough to find a command in; what is quoted is left out.</summary>
    public static string OfHtml(string html)
    {
        var text = new StringBuilder();
        html = Bounded(html);
        for (var at = 0; at < html.Length; )
        {
            if (html[at] != '<')
            {
                var end = html.IndexOf('<', at) is >= 0 and var next ? next : html.Length;
                text.Append(Spaces().Replace(WebUtility.HtmlDecode(html[at..end]), " "));
                at = end;
                continue;
            }
            if (html.AsSpan(at).StartsWith("<!--", StringComparison.Ordinal))
            {
                at = After(html, "-->", at + 4);
                continue;
            }
            var close = html.IndexOf('>', at);
            if (close < 0)
                break;
            var tag = html[(at + 1)..close];
            at = close + 1;
            var name = NameOf(tag);
            if (name is "style" or "script" or "head" or "title")
                at = After(html, $"</{name}", at);
            else if (name == "blockquote" || (name is "div" or "hr" && Quotes().IsMatch(tag)))
                break;
            else if (
                name.TrimStart('/') is "br" or "p" or "div" or "tr" or "li" or "h1" or "h2" or "h3" or "table" or "hr"
            )
                text.Append('\n');
        }
        return text.ToString();
    }

    /// <summary>A subject without <c>Re:</c> and its kin in other languages, however often.</summary>
    public static string WithoutPrefixes(string subject)
    {
        subject = Visible(subject);
        while (Prefix().Match(subject) is { Success: true, Length: > 0 } prefix)
            subject = subject[prefix.Length..].TrimStart();
        return subject;
    }

    public static bool HasPrefix(string subject) => Prefix().IsMatch(Visible(subject));

    /// <summary>
    /// Letters as they compare: lower case, without accents, and the Turkish i without question about its dot.
    /// </summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in text.Replace('İ', 'i').Replace('ı', 'i').Normalize(NormalizationForm.FormKD))
            switch (CharUnicodeInfo.GetUnicodeCategory(c))
            {
                case UnicodeCategory.NonSpacingMark:
                case UnicodeCategory.Format:
                case UnicodeCategory.Control when c is not ('\n' or '\t'):
                    break;
                // The digits of other scripts.
                case UnicodeCategory.DecimalDigitNumber:
                    folded.Append((int)CharUnicodeInfo.GetDigitValue(c));
                    break;
                default:
                    folded.Append(
                        c switch
                        {
                            'ß' => "ss",
                            'ø' or 'Ø' => "o",
                            'ł' or 'Ł' => "l",
                            'đ' or 'Đ' => "d",
                            '’' or '‘' or 'ʼ' or '`' => "'",
                            _ => char.ToLowerInvariant(c).ToString(),
                        }
                    );
                    break;
            }
        return folded.ToString();
    }

    private static bool EndsOwnWords(string line, string next) =>
        line is "--" or "—"
        || Rule().IsMatch(line)
        || Divider().IsMatch(line)
        || (line.Length > 12 && line[^1] is ':' or '：' && IsAttribution(line))
        // Clients break "On … wrote:" after the date, or before the address.
        || (next.Length > 0 && next[^1] is ':' or '：' && IsAttribution($"{line} {next}"))
        || (HeaderBlock().IsMatch(line) && HeaderBlock().IsMatch(next))
        || SentFrom().IsMatch(line);

    /// <summary>Names a time or an address, and ends in a colon: <c>On 22 Nov 2026 at 10:05, TrackWatch &lt;…&gt; wrote:</c>.</summary>
    private static bool IsAttribution(string line) =>
        line.Any(char.IsAsciiDigit) && (line.Contains('@', StringComparison.Ordinal) || Clock().IsMatch(line));

    private static string Visible(string line) =>
        string.Concat(
                line.Where(c =>
                    c == '\t'
                    || CharUnicodeInfo.GetUnicodeCategory(c)
                        is not (UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.PrivateUse)
                )
            )
            .Trim();

    private static string Bounded(string text) => text.Length <= LongestBody ? text : text[..LongestBody];

    private static int After(string html, string end, int from) =>
        html.IndexOf(end, from, StringComparison.OrdinalIgnoreCase) is >= 0 and var at ? at + end.Length : html.Length;

    private static string NameOf(string tag)
    {
        var end = tag.AsSpan().IndexOfAny(" \t\r\n");
        return (end < 0 ? tag : tag[..end]).TrimEnd('/').ToLowerInvariant();
    }

    // Clients that quote without a blockquote: Gmail, Yahoo, Outlook on the desktop, on phones and in the browser.
    [GeneratedRegex(
        "gmail_quote|yahoo_quoted|divRplyFwdMsg|appendonsend|mail-editor-reference|OLK_SRC|border-top:\\s*solid #",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Quotes();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    // RE: AW: SV: VS: Ynt: İlt: Rif: RES: ENC: Odp: Vá: Fwd: WG: TR: 回复： 答复： 转发： رد: and RE[2]:
    [GeneratedRegex(
        @"^\s*(?:re|aw|sv|vs|ynt|yan|ilt|İlt|rif|r|res|enc|odp|pd|vá|ha|на|отв|від|antw|fwd?|wg|tr|rv|i|回复|回覆|答复|答覆|转发|轉寄|رد|إعادة توجيه)(?:\s*[\[(]\d{1,3}[\])]|\d{1,2})?\s*[:：]\s*",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Prefix();

    [GeneratedRegex(@"^[_=*-]{5,}$")]
    private static partial Regex Rule();

    // -----Original Message-----, -------- Weitergeleitete Nachricht --------
    [GeneratedRegex(@"^[-_*]{2,}\s*\S.{2,60}\S\s*[-_*]{2,}$")]
    private static partial Regex Divider();

    // Outlook writes the head of the mail above it in its own language: "Von: …" over "Gesendet: …".
    [GeneratedRegex(@"^\*?[\p{L} ]{2,20}\s?[:：]\*?\s+\S", RegexOptions.CultureInvariant)]
    private static partial Regex HeaderBlock();

    [GeneratedRegex(
        @"^(?:sent from|sent with|get outlook|gesendet v|von meinem|envoyé (?:de|à)|enviado (?:desde|de|do)|inviato da|verzonden |wysłane z|отправлено |надіслано |أُ?رسلت? من|.{0,40}(?:ımdan|imdan|umdan|ümdan|ından|inden|dan|den) gönderildi)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex SentFrom();

    [GeneratedRegex(@"\d{1,2}[:.]\d{2}|\b(?:19|20)\d{2}\b")]
    private static partial Regex Clock();
}
