using System.Globalization;
using Spectre.Console;

namespace TrackWatch.Worker.Commands;

/// <summary>
/// Standard output for people. A terminal gets its own width and colours; a pipe or a file gets plain text, with tables 80
/// columns wide (or <c>$COLUMNS</c>).
/// </summary>
internal static class Terminal
{
    private const int WidthWithoutTerminal = 80;

    public static readonly IAnsiConsole Out = Open();

    /// <summary>An answer in a sentence or two: folded at blanks in a terminal, on one line for programs that read it.</summary>
    public static void Say(string text)
    {
        if (Console.IsOutputRedirected)
            Console.WriteLine(text);
        else
            Out.WriteLine(text);
    }

    /// <summary>A passage of a report: folded at blanks everywhere.</summary>
    public static void Tell(string text) => Out.WriteLine(text);

    /// <summary>Names on the left, what is said of them on the right.</summary>
    public static Grid Pairs() =>
        new Grid()
            .AddColumn(new GridColumn().NoWrap().Padding(0, 0, 2, 0))
            .AddColumn(new GridColumn().Padding(0, 0, 0, 0));

    /// <summary>Markup of ours; what is put into it is escaped.</summary>
    public static Markup Text(FormattableString markup) =>
        Markup.FromInterpolated(CultureInfo.InvariantCulture, markup);

    public static void Heading(string text)
    {
        Out.WriteLine();
        Out.Write(Text($"[bold]{text}[/]\n"));
    }

    private static IAnsiConsole Open()
    {
        var plain = Console.IsOutputRedirected;
        var settings = new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) };
        if (plain)
        {
            settings.Ansi = AnsiSupport.No;
            settings.ColorSystem = ColorSystemSupport.NoColors;
            // A build server's log is a pipe too: nothing is to switch the colours on again.
            settings.Enrichment.UseDefaultEnrichers = false;
        }
        var console = AnsiConsole.Create(settings);
        if (plain || console.Profile.Width < 20)
            console.Profile.Width = int.TryParse(
                Environment.GetEnvironmentVariable("COLUMNS"),
                CultureInfo.InvariantCulture,
                out var columns
            )
                ? Math.Clamp(columns, 40, 1000)
                : WidthWithoutTerminal;
        return console;
    }
}
