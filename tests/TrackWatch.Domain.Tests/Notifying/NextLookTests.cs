using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Registering;

namespace TrackWatch.Domain.Tests.Notifying;

/// <summary>Nobody looks at a person's mail before the next look, so nothing may become sendable before it.</summary>
public sealed class NextLookTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 6, 20, 0, 0, TimeSpan.Zero);
    private static readonly MailRules Rules = new() { DailyCap = 2 };

    public static TheoryData<string, bool, int, DigestRhythm> Boxes()
    {
        var boxes = new TheoryData<string, bool, int, DigestRhythm>();
        foreach (var notices in (string[])["", "a", "d", "ad", "l", "ul", "aul", "du"])
        foreach (var quiet in (bool[])[false, true])
        foreach (var alertsToday in (int[])[0, 2])
        foreach (var rhythm in (DigestRhythm[])[DigestRhythm.Auto, DigestRhythm.Daily, DigestRhythm.Never])
            boxes.Add(notices, quiet, alertsToday, rhythm);
        return boxes;
    }

    /// <param name="notices">a: an alert. d: a digest line. l: a warning of the day after tomorrow. u: one of tomorrow.</param>
    [Theory]
    [MemberData(nameof(Boxes))]
    public void Nothing_goes_out_before_the_next_look(string notices, bool quiet, int alertsToday, DigestRhythm rhythm)
    {
        var person = new Person
        {
            Id = "ayse",
            Email = "ayse@example.org",
            TimeZone = "Europe/Istanbul",
            QuietHours = quiet ? new QuietHours(new TimeOnly(22, 0), new TimeOnly(7, 30)) : null,
            Digest = DigestSchedule.Default with { Rhythm = rhythm },
        };
        var box = new Mailbox(
            person,
            Some.Zone(person.TimeZone),
            [.. notices.Select((kind, id) => Notice(kind, id + 1))],
            NextDigestAt: Now.AddDays(-1),
            HasOpenCase: true,
            HasParcels: true,
            alertsToday
        );
        var (at, steps) = (Now, 0);
        while (at < Now.AddDays(4) && steps++ < 200)
        {
            var plan = MailPlan.Decide(box, Rules, at);
            var gone = plan.Told.ToHashSet();
            box = box with
            {
                Waiting = [.. box.Waiting.Where(n => !gone.Contains(n.Id))],
                NextDigestAt = plan.NextDigestAt ?? MailPlan.NoDigest,
            };
            var next = MailPlan.NextLook(box, Rules, at);
            var until = next < Now.AddDays(4) ? next.Value : Now.AddDays(4);
            for (var between = at.AddMinutes(1); between < until; between = between.AddMinutes(7))
            {
                var early = MailPlan.Decide(OnDayOf(between), Rules, between);
                early.Alerts.ShouldBeEmpty($"{between:u}");
                early.Digest.ShouldBeNull($"{between:u}");
            }
            box = OnDayOf(until);
            at = until;
        }
        steps.ShouldBeLessThan(200);
        // For someone without digests a line that presses for no day has no mail to go in.
        box.Waiting.ShouldAllBe(n => rhythm == DigestRhythm.Never && n.Channel == Channel.Digest && n.TellBy == null);

        Mailbox OnDayOf(DateTimeOffset moment) =>
            Days.In(box.Zone, moment) == Days.In(box.Zone, Now) ? box : box with { AlertsToday = 0 };
    }

    private static WaitingNotice Notice(char kind, long id)
    {
        var tomorrow = Days.In(Some.Zone("Europe/Istanbul"), Now).AddDays(1);
        return kind switch
        {
            'a' => new WaitingNotice(id, NoticeKind.Step, Channel.Alert, Now),
            'd' => new WaitingNotice(id, NoticeKind.Step, Channel.Digest, Now, tomorrow.AddDays(30)),
            'l' => new WaitingNotice(
                id,
                NoticeKind.Deadline,
                Channel.Alert,
                Now,
                tomorrow.AddDays(1),
                tomorrow.AddDays(1)
            ),
            _ => new WaitingNotice(id, NoticeKind.Deadline, Channel.Digest, Now, tomorrow, tomorrow),
        };
    }
}
