namespace TrackWatch.Worker.Notifying.Composing.Pages;

/// <summary>
/// The look of mails. Inline styles carry it, because many clients drop sheets; the sheet adds dark mode and narrow screens.
/// Every pair of colours meets WCAG AA (4.5:1), light and dark. Sides are named by the direction of the words, since
/// the logical properties of CSS are not known to all clients.
/// </summary>
/// <param name="direction"><c>ltr</c> or <c>rtl</c>.</param>
public sealed class Css(string direction)
{
    public const string Font =
        "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;";
    public const string Body = "margin:0;padding:0;background:#eef0f4;color:#1b2330;" + Font;
    public const string Sheet640 = "width:100%;max-width:640px;background:#ffffff;border-radius:12px;";
    public const string Pad = "padding:26px 32px 8px 32px;";
    public const string Brand = "margin:0 0 16px 0;font-size:13px;line-height:1.3;font-weight:700;color:#55606e;";
    public const string Kicker = "margin:0 0 4px 0;font-size:15px;line-height:1.35;color:#55606e;";
    public const string Title = "margin:0 0 18px 0;font-size:26px;line-height:1.2;font-weight:700;color:#1b2330;";
    public const string Order =
        "margin:34px 0 2px 0;padding-top:22px;border-top:1px solid #dde1e8;font-size:20px;line-height:1.3;color:#1b2330;";
    public const string Heading = "margin:30px 0 10px 0;font-size:17px;line-height:1.3;color:#1b2330;";
    public const string Note = "margin:0 0 12px 0;font-size:14px;line-height:1.45;color:#55606e;";
    public const string Text = "margin:0 0 12px 0;font-size:16px;line-height:1.5;color:#1b2330;";
    public const string Quiet = "margin:0 0 12px 0;font-size:14px;line-height:1.5;color:#55606e;";
    public const string Label = "margin:0 0 2px 0;font-size:12px;line-height:1.4;font-weight:700;";
    public const string Strong = "font-size:20px;line-height:1.3;font-weight:700;";
    public const string Aside =
        "display:block;margin-top:2px;font-size:14px;line-height:1.45;font-weight:400;color:#55606e;";
    public const string Item = "margin:0 0 5px 0;font-size:15px;line-height:1.5;";
    public const string Grid = "width:100%;border-collapse:collapse;";
    public const string Cell =
        "padding:8px 0;border-bottom:1px solid #e6e9ee;vertical-align:top;font-size:15px;line-height:1.45;";
    public const string LetterTitle =
        "margin:14px 0 6px 0;font-size:14px;line-height:1.4;font-weight:700;color:#1b2330;";

    // One click marks the whole text where the client knows user-select.
    public const string Letter =
        "margin:0 0 10px 0;padding:16px;background:#f6f7f9;border:1px solid #d5dae2;border-radius:8px;color:#1b2330;"
        + "font-size:14px;line-height:1.55;white-space:pre-wrap;word-wrap:break-word;overflow-wrap:anywhere;"
        + "-webkit-user-select:all;user-select:all;"
        + Font;
    public const string Code =
        "display:inline-block;padding:3px 7px;background:#f0f2f5;border-radius:5px;color:#1b2330;font-size:13px;"
        + "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere;"
        + "-webkit-user-select:all;user-select:all;";
    public const string Link = "color:#1d4f91;text-decoration:underline;";
    public const string Footer = "margin:0 0 8px 0;font-size:12px;line-height:1.5;color:#55606e;";
    public const string Week = "padding:4px 0 0 0;font-size:11px;line-height:1.3;color:#55606e;";

    private readonly bool isRightToLeft = direction == "rtl";

    /// <summary>Where lines of words begin.</summary>
    public string Start => isRightToLeft ? "right" : "left";

    public string End => isRightToLeft ? "left" : "right";

    /// <summary>Words of others stand on our side, whichever way they run.</summary>
    public string Quote =>
        $"display:block;margin-top:2px;font-size:13px;line-height:1.4;text-align:{Start};color:#55606e;";

    public string List => $"margin:0 0 14px 0;padding:0;padding-{Start}:20px;";

    public string CellLabel => $"{Cell}width:34%;padding-{End}:12px;text-align:{Start};font-weight:400;color:#55606e;";

    public string CellFirst => $"{Cell}padding-{End}:12px;text-align:{Start};font-weight:400;color:#1b2330;";

    public string CellLast(Tone tone) => $"{Cell}text-align:{End};font-weight:600;color:{Ink(tone)};";

    public string CellDay(Tone tone) =>
        $"{Cell}width:112px;padding-{End}:10px;text-align:{Start};font-weight:400;color:{Ink(tone)};";

    public string When =>
        $"padding:7px 0;padding-{End}:10px;width:92px;vertical-align:top;text-align:{Start};font-weight:400;font-size:12px;line-height:1.6;color:#55606e;";

    public string Event(Tone? tone) =>
        $"padding:6px 0 8px 0;padding-{Start}:14px;vertical-align:top;border-{Start}:4px solid {(tone is { } newest ? Ink(newest) : "#dde1e8")};";

    public string Card(Tone tone) =>
        $"width:100%;margin:0 0 18px 0;background:{Tint(tone)};border-radius:10px;border-{Start}:5px solid {Ink(tone)};";

    public static string Name(Tone tone) =>
        tone switch
        {
            Tone.Good => "good",
            Tone.Attention => "attention",
            Tone.Urgent => "urgent",
            _ => "calm",
        };

    public static string Ink(Tone tone) =>
        tone switch
        {
            Tone.Good => "#17603a",
            Tone.Attention => "#8a4b00",
            Tone.Urgent => "#a61b1b",
            _ => "#1d4f91",
        };

    public static string Tint(Tone tone) =>
        tone switch
        {
            Tone.Good => "#edf8f1",
            Tone.Attention => "#fff6e5",
            Tone.Urgent => "#fdf0ef",
            _ => "#eef4fc",
        };

    /// <summary>With its border, no lower than the 44 px that a thumb needs.</summary>
    public static string Button(bool isFilled, string ink) =>
        $"display:block;padding:11px 18px;font-size:15px;line-height:20px;font-weight:600;text-decoration:none;color:{(isFilled ? "#ffffff" : ink)};";

    public static string ButtonCell(bool isFilled, string ink) =>
        $"border:1px solid {(isFilled ? ink : "#c3cad5")};border-radius:8px;background:{(isFilled ? ink : "#ffffff")};mso-padding-alt:11px 18px;";

    public string Loose => $"margin:0 0 8px 0;margin-{End}:8px;border-collapse:separate;";

    /// <summary>Null = nothing is on that day.</summary>
    public string SpanCell(Tone? tone, bool isMonday) =>
        $"height:{(tone is null ? 10 : 22)}px;padding:0;font-size:1px;line-height:{(tone is null ? 10 : 22)}px;border-{Start}:{(isMonday ? "2px solid #9aa7b8" : "1px solid #ffffff")};";

    public static string SpanFill(Tone? tone) => tone is { } marked ? Ink(marked) : "#dde3ec";

    public static string LegCell(LegMark leg, Tone tone)
    {
        var (line, ink) = leg.State switch
        {
            LegState.Passed => ("#7d93b2", "#55606e"),
            LegState.Current => (Ink(tone), Ink(tone)),
            _ => ("#d5dae2", "#55606e"),
        };
        var weight = leg.State == LegState.Current ? "font-weight:700;" : "";
        return $"width:14.28%;padding:5px 0 0 0;border-top:5px solid {line};vertical-align:top;font-size:11px;line-height:1.3;color:{ink};{weight}";
    }

    public const string Sheet = """
        <style>
        :root{color-scheme:light dark;supported-color-schemes:light dark}
        @media (max-width:520px){
        .pad{padding:18px 16px 6px 16px!important}
        .outer{padding:0!important}
        .sheet{border-radius:0!important}
        .brand{margin-bottom:10px!important}
        .title{font-size:23px!important;margin-bottom:14px!important}
        .stack,.stack tbody,.stack tr,.stack td,.stack th{display:block!important;width:auto!important;text-align:start!important}
        .stack .k{border-bottom:0!important;padding-bottom:0!important}
        .stack .v{padding-top:0!important}
        .far{font-size:0!important}
        .far .g{font-size:11px!important}
        .legs{table-layout:auto!important}
        .near{width:auto!important;white-space:nowrap}
        .far{width:11%!important}
        .go,.answer{width:100%!important}
        .go a,.answer a{text-align:center}
        }
        @media (prefers-color-scheme:dark){
        .bg{background:#10141a!important}
        .sheet{background:#181e27!important}
        .t{color:#e9edf2!important}
        .m{color:#a8b3c1!important}
        .line{border-color:#2d3542!important}
        .letter{background:#10141a!important;border-color:#39424f!important;color:#e9edf2!important}
        .code{background:#29313d!important;color:#e9edf2!important}
        .link{color:#9cc4ff!important}
        .card-calm{background:#182638!important;border-color:#9cc4ff!important}
        .card-good{background:#162a1e!important;border-color:#8fdcae!important}
        .card-attention{background:#30260f!important;border-color:#ffc976!important}
        .card-urgent{background:#381c1c!important;border-color:#ff9d94!important}
        .calm{color:#9cc4ff!important}
        .good{color:#8fdcae!important}
        .attention{color:#ffc976!important}
        .urgent{color:#ff9d94!important}
        .fill-calm{background:#9cc4ff!important;border-color:#9cc4ff!important}
        .fill-good{background:#8fdcae!important;border-color:#8fdcae!important}
        .fill-attention{background:#ffc976!important;border-color:#ffc976!important}
        .fill-urgent{background:#ff9d94!important;border-color:#ff9d94!important}
        .fill-dark{background:#e9edf2!important;border-color:#e9edf2!important}
        .on{color:#10141a!important}
        .plain{background:#181e27!important;border-color:#4a5565!important}
        .day{background:#2d3542!important;border-color:#181e27!important}
        .monday{border-color:#8593a6!important}
        .leg-passed{border-color:#6f86a6!important;color:#a8b3c1!important}
        .leg-ahead{border-color:#39424f!important;color:#a8b3c1!important}
        .leg-calm{border-color:#9cc4ff!important;color:#9cc4ff!important}
        .leg-good{border-color:#8fdcae!important;color:#8fdcae!important}
        .leg-attention{border-color:#ffc976!important;color:#ffc976!important}
        .leg-urgent{border-color:#ff9d94!important;color:#ff9d94!important}
        }
        </style>
        """;
}
