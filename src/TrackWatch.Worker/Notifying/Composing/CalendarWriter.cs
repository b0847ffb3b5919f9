using System.Text;
using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Languages;

namespace TrackWatch.Worker.Notifying.Composing;

/// <summary>Puts last days into calendar entries in the reader's language.</summary>
internal sealed class CalendarWriter(LanguageFiles languages)
{
    /// <summary>The method is the file's own: a mail that names another is refused by some clients.</summary>
    private const string ContentType = "text/calendar; charset=utf-8; method=PUBLISH";

    /// <param name="ahead">The days that the events speak of; one that is cancelled need not be there.</param>
    /// <param name="orders">By their ids.</param>
    public IEnumerable<CalendarEntry> Entries(
        Person reader,
        DateOnly today,
        IEnumerable<CalendarEvent> events,
        IEnumerable<CalendarDay> ahead,
        IReadOnlyDictionary<string, Order> orders
    )
    {
        var words = new Words(languages, languages.Of(reader.Language), today);
        var days = ahead.ToDictionary(d => (d.Order, d.Name), d => d.Warning);
        foreach (var e in events)
        {
            var thing = new ForeignText(orders.GetValueOrDefault(e.Order)?.Item ?? e.Order).ToString();
            var warning = e.Cancelled ? null : days[(e.Order, e.Name)];
            yield return new CalendarEntry(
                $"{e.Order}.{e.Name}.{Uri.EscapeDataString(reader.Id)}@trackwatch",
                e.Day,
                warning is null ? words.Say("calendar.cancelled", new Values { { "thing", thing } })
                    : warning.Step is { } step ? $"{words.Say($"steps.{step.Id()}.name")}: {thing}"
                    : thing,
                warning is null ? e.Order : $"{Says(words, warning)}\n{e.Order}, {warning.Rule}",
                e.Stamp,
                e.Sequence,
                e.Cancelled
            );
        }
    }

    public static MailAttachment Attach(IReadOnlyList<CalendarEntry> entries, IReadOnlyCollection<string> orders) =>
        new(
            $"{(orders.Count == 1 ? orders.First() : "trackwatch")}.ics",
            ContentType,
            Encoding.UTF8.GetBytes(CalendarFile.Write(entries))
        );

    /// <summary>A count of days left would be wrong on every other day.</summary>
    private static string Says(Words words, NoticeDraft warning)
    {
        var why = Why(words, warning.Reason with { Days = null }, warning.Shipment);
        return warning.DoByAssumed ? $"{why} ({words.Say("labels.assumed")})" : why;
    }

    /// <summary>A sentence.</summary>
    public static string Why(Words words, Reason reason, string? number) =>
        words.Say(
            $"reasons.{reason.Code}",
            new Values
            {
                { "days", reason.Days },
                { "date", reason.Date },
                { "last_chance", reason.Date },
                { "leg", reason.Leg is { } leg ? new Phrase($"legs.{leg}") : null },
                { "country", reason.Country },
                { "tracking_no", new ForeignText(number) },
            }
        );
}
