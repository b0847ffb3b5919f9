using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Simulating;

namespace TrackWatch.Worker.Commands.Simulating;

/// <summary>Shows what a simulation came to.</summary>
internal static class SimulationReport
{
    /// <summary>One entry per notice in a mail, and one for a digest without any.</summary>
    public static IEnumerable<object> Shape(IEnumerable<SimulatedMail> mails) =>
        from mail in mails
        from line in mail.Lines.DefaultIfEmpty()
        select new
        {
            mail = mail.Id,
            at = JsonOutput.Utc(mail.At),
            day = mail.Day,
            person = mail.Person,
            order = line?.Order,
            kind = mail.Kind,
            step = line?.Step,
            deadline = line?.Deadline,
            doBy = line?.DoBy,
            reason = line?.Reason,
            subject = mail.Subject,
            instance = line?.Instance,
        };

    public static void Print(SimulatedMail mail)
    {
        var grid = Terminal.Pairs();
        grid.AddRow(
            Terminal.Text($"[bold]{Minute(mail.Wall)}[/]"),
            Terminal.Text($"[bold]{mail.Kind} to {mail.Person}: {Sayings.Foreign(mail.Subject)}[/]")
        );
        foreach (var line in mail.Lines)
        {
            var what = string.Join(' ', new[] { line.Order, line.Step }.Where(w => w is not null));
            var by = line.DoBy is { } day ? $" by {day:yyyy-MM-dd}" : "";
            grid.AddRow(
                Terminal.Text($""),
                Terminal.Text($"  {(what.Length > 0 ? $"{Sayings.Foreign(what)}{by}: " : "")}{line.Reason}")
            );
        }
        Terminal.Out.Write(grid);
    }

    public static void Print(Happening.Decided decided, Sayings says)
    {
        var at = Minute(TimeZoneInfo.ConvertTime(decided.At, says.Zone).DateTime);
        var grid = Terminal.Pairs();
        foreach (var change in Changes(decided, says))
        {
            grid.AddRow(
                Terminal.Text($"[dim]{at}[/]"),
                Terminal.Text($"[dim]{Sayings.Foreign(decided.Order.Order.Id)}: {change}[/]")
            );
        }
        Terminal.Out.Write(grid);
    }

    private static IEnumerable<string> Changes(Happening.Decided decided, Sayings says)
    {
        var (now, before) = (decided.Verdict, decided.Before);
        foreach (var a in now.Assessments.Where(a => a.Level > StallLevel.Moving))
            if (LevelOf(before, a) is var level && level != a.Level)
                yield return $"{a.Shipment.Number} is silent for {Sayings.Count(a.SilentDays, "day")}: {Sayings.Level(a.Level)}";
        foreach (var a in before?.Assessments.Where(a => a.Level > StallLevel.Moving) ?? [])
            if (LevelOf(now, a) is null or StallLevel.Moving)
                yield return $"{a.Shipment.Number} is not silent any more";
        if (now.Due is { } due && due.Step != before?.Due?.Step)
            yield return $"{due.Step.Id()} is due{says.By(due.DoBy)}. {says.Why(due.Why!)}";
        if (now.Due is null && before?.Due is { } done)
            yield return $"{done.Step.Id()} is not due any more";
        if (now.Case?.State != before?.Case?.State && now.Case is { } life)
            yield return $"case {life.State.Id()}";
    }

    private static StallLevel? LevelOf(CaseVerdict? verdict, Assessment like) =>
        verdict?.Assessments.FirstOrDefault(a => a.Shipment.Id == like.Shipment.Id)?.Level;

    private static string Minute(DateTime wall) =>
        wall.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
