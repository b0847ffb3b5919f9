using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Advising.Deadlines;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;
using TrackWatch.Worker.Languages;

namespace TrackWatch.Worker.Notifying.Composing.Stories;

// The order among others: its line in a digest, and its days of the coming month.
internal sealed partial class OrderStory
{
    /// <summary>A line of a digest.</summary>
    public ParcelLine Line()
    {
        var view = shipment?.View;
        var status = words.Say($"statuses.{view?.Status ?? ParcelStatus.Unknown}");
        var notes = new List<string>();
        if (letters.Has("days_silent"))
            notes.Add(words.Say("digest.silent", letters));
        if (letters.Find("last_scan_date") is DateOnly scan)
            notes.Add($"{words.Say("labels.last-scan")}: {words.Day(scan, "short")}");
        if (new ForeignText(view?.LastPlace, 60) is { IsEmpty: false } place)
            notes.Add(place.Within(words.Language.Direction == "rtl"));
        return new ParcelLine(
            Thing,
            status,
            notes.Count == 0 ? null : string.Join(" · ", notes),
            NeedsAHand ? Tone.Attention : Tone
        );
    }

    /// <summary>The parcel waits for its buyer, or something went wrong with it.</summary>
    public bool NeedsAHand =>
        section.Shipments.Any(s =>
            s.View.Status
                is ParcelStatus.AvailableForPickup
                    or ParcelStatus.AttemptFailed
                    or ParcelStatus.Exception
                    or ParcelStatus.Returning
        );

    /// <summary>The same for an order that asks for something: its step and its day come first.</summary>
    public ParcelLine Asked()
    {
        var line = Line();
        if ((Lead?.Step ?? section.Verdict.Due?.Step) is not { } step)
            return line;
        var name = words.Say($"steps.{step.Id()}.name");
        return line with
        {
            Status = DoBy is { } day ? $"{name} · {words.Day(day, "short")}" : name,
            Note = line.Note is null ? line.Status : $"{line.Status} · {line.Note}",
            Tone = Tone == Tone.Calm && DoBy is not null ? Tone.Attention : Tone,
        };
    }

    /// <summary>Days of the coming month on which something about the order can be done for the last, or the first, time.</summary>
    public IEnumerable<StripDay> Days(DateOnly until)
    {
        if (
            section.Shipments.Count > 0
            && section.Shipments.All(s => s.View.Status.IsFinal())
            && section.Facts.Find<Fact.Missing>() is null
        )
            yield break;
        var window = section.Verdict.Window;
        var assumesWindow = window?.Assumed ?? false;
        var bankDay = section.Verdict.Due?.Step == Step.Chargeback ? BankDay : null;
        var candidates = new List<(DateOnly? Day, string What, bool Assumed, string? Rule)>
        {
            (section.Facts.CustomsHold?.Until, words.Say("strip.customs-hold"), false, null),
            (Order.PromisedBy, words.Say("strip.promised"), false, null),
            (Order.RefundIfUndeliveredBy, words.Say("strip.refund-promise"), false, null),
            (Order.CouponIfDelayedBy, words.Say("strip.coupon"), false, null),
            // A day that the order page shows rests on nothing else.
            (
                window?.LastSafeDay,
                words.Say("strip.protection"),
                assumesWindow,
                assumesWindow ? RuleOf(DayRole.ProtectionEnd) : null
            ),
            (window?.LastSafeChance, words.Say("strip.last-chance"), assumesWindow, window?.Rule),
            (bankDay, words.Say("strip.chargeback"), false, RuleOf(DayRole.ChargebackLastDay)),
        };
        foreach (var (day, what, assumed, rule) in candidates)
        {
            if (day is not { } at || at < words.Today || at > until)
                continue;
            var left = at.DayNumber - words.Today.DayNumber;
            yield return new StripDay(
                at,
                words.Day(at, "short"),
                left == 0 ? words.Say("labels.today") : words.Say("labels.in-days", new Values { { "n", left } }),
                Thing,
                what,
                assumed ? words.Say("labels.assumed") : null,
                rule,
                left <= 3 ? Tone.Urgent
                    : left <= 10 ? Tone.Attention
                    : Tone.Calm
            );
        }
    }

    /// <summary>The news of the order that nothing else in a digest tells: what a step or a last day says too is not told twice.</summary>
    public IEnumerable<string> News() =>
        section
            .Notices.Where(n => n.Kind == NoticeKind.News)
            .Where(n => !section.Notices.Any(o => o.Kind != NoticeKind.News && o.Reason.Code == n.Reason.Code))
            .DistinctBy(n => n.Reason.Code)
            .Select(Reason);

    /// <summary>Where its parcels are now and were not in the last digest, and what somebody told of it since.</summary>
    public IEnumerable<string> Changes()
    {
        if (content.LastDigestAt is not { } last)
            yield break;
        if (!section.Notices.Any(n => n.Kind == NoticeKind.News))
        {
            foreach (var one in section.Shipments)
            {
                var where = Where(one.View.Status, one.View.Leg);
                var before = one.AtLastDigest is { } then ? Where(then.Status, then.Leg) : null;
                if (where != before && one.View.Status.IsScanned())
                    yield return words.Say("changes.moved", new Values { { "where", where }, { "before", before } });
            }
        }
        foreach (var told in section.Facts.All.Where(t => t.Origin != FactOrigin.File && t.ToldAt > last))
        {
            if (FactRow(told) is { } row)
                yield return words.Say(
                    "changes.noted",
                    new Values { { "what", $"{row.Label}, {row.Words}" }, { "origin", row.Note } }
                );
        }
    }

    private string Where(ParcelStatus status, Leg? leg) =>
        status == ParcelStatus.InTransit && leg is { } on
            ? $"{words.Say($"statuses.{status}")}, {words.Say($"legs.{on}")}"
            : words.Say($"statuses.{status}");
}
