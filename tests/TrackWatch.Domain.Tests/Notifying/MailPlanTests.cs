using FsCheck;
using FsCheck.Fluent;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Registering;

namespace TrackWatch.Domain.Tests.Notifying;

public sealed class MailPlanTests
{
    private static readonly TimeZoneInfo Berlin = Some.Zone("Europe/Berlin");
    private static readonly MailRules Rules = new() { DailyCap = 3, DigestAtStart = true };

    /// <summary>A Wednesday, 10:00 in Berlin.</summary>
    private static readonly DateTimeOffset Now = Local("2026-05-06 10:00");

    [Fact]
    public void An_alert_settles_and_takes_along_what_came_meanwhile()
    {
        var first = Alert(1) with { WrittenAt = Now.AddMinutes(-9) };
        var second = Alert(2) with { WrittenAt = Now };

        Plan(Box([first, second]), Now).Alerts.SelectMany(a => a).ShouldBeEmpty();
        Plan(Box([first, second]), Now.AddMinutes(1)).Alerts.SelectMany(a => a).ShouldBe([1, 2]);
    }

    [Fact]
    public void A_deadline_under_24_hours_does_not_wait_to_settle()
    {
        var urgent = Deadline(1, "2026-05-06") with { WrittenAt = Now };

        Plan(Box([urgent, Alert(2) with { WrittenAt = Now }]), Now).Alerts.SelectMany(a => a).ShouldBe([1]);
    }

    [Theory]
    [InlineData("2026-05-06 21:59", true)]
    [InlineData("2026-05-06 22:00", false)]
    [InlineData("2026-05-06 23:59", false)]
    [InlineData("2026-05-07 00:00", false)]
    [InlineData("2026-05-07 07:29", false)]
    [InlineData("2026-05-07 07:30", true)]
    public void Quiet_hours_cross_midnight_and_hold_alerts(string at, bool sent)
    {
        var box = Box([Alert(1), Deadline(2, "2026-05-09")], quiet: "22:00-07:30");

        Plan(box, Local(at)).Alerts.SelectMany(a => a).ShouldBe(sent ? [1, 2] : []);
    }

    [Theory]
    [InlineData("2026-05-06 23:30", "2026-05-06", true)]
    [InlineData("2026-05-06 23:30", "2026-05-07", false)]
    [InlineData("2026-05-07 01:00", "2026-05-07", true)]
    public void Quiet_hours_do_not_hold_a_deadline_with_less_than_24_hours_left(string at, string doBy, bool sent) =>
        Plan(Box([Alert(1), Deadline(2, doBy)], quiet: "22:00-07:30"), Local(at))
            .Alerts.SelectMany(a => a)
            .ShouldBe(sent ? [2] : []);

    [Fact]
    public void A_digest_that_an_outage_delayed_into_the_night_waits_for_the_end_of_the_quiet_hours()
    {
        var box = Box([Digest(1)], quiet: "22:00-07:30") with { NextDigestAt = Local("2026-05-06 08:30") };

        var night = Plan(box, Local("2026-05-06 23:00"));
        (night.Digest, night.NextDigestAt).ShouldBe((null, Local("2026-05-07 07:30")));
        Plan(box with { NextDigestAt = night.NextDigestAt }, Local("2026-05-07 07:30")).Digest.ShouldBe([1]);
    }

    [Fact]
    public void The_daily_cap_folds_alerts_into_the_next_digest_but_never_deadlines()
    {
        var box = Box([Alert(1), Deadline(2, "2026-05-09"), Digest(3)]) with { AlertsToday = 3 };

        Plan(box, Now).Alerts.SelectMany(a => a).ShouldBe([2]);
        var digest = Plan(box with { NextDigestAt = Now }, Now);
        digest.Alerts.SelectMany(a => a).ShouldBe([2]);
        digest.Digest.ShouldBe([3, 1]);
        Plan(box with { AlertsToday = 2 }, Now).Alerts.SelectMany(a => a).ShouldBe([1, 2]);
    }

    [Theory]
    [InlineData(DigestRhythm.Auto, true, "2026-05-07")]
    [InlineData(DigestRhythm.Auto, false, "2026-05-11")] // Monday
    [InlineData(DigestRhythm.Daily, false, "2026-05-07")]
    [InlineData(DigestRhythm.Weekly, true, "2026-05-11")]
    [InlineData(DigestRhythm.Weekdays, false, "2026-05-07")]
    [InlineData(DigestRhythm.Days, false, "2026-05-09")]
    [InlineData(DigestRhythm.Never, true, null)]
    public void The_next_digest_follows_the_rhythm(DigestRhythm rhythm, bool openCase, string? day)
    {
        var box = Box([], rhythm) with { HasOpenCase = openCase };
        var expected = day is null ? (DateTimeOffset?)null : Local($"{day} 08:30");

        MailPlan.NextDigest(box, Now).ShouldBe(expected);
        Plan(box with { NextDigestAt = Now.AddDays(30) }, Now).NextDigestAt.ShouldBe(expected);
    }

    [Fact]
    public void Weekdays_skip_the_weekend_and_todays_digest_is_still_to_come_before_its_time()
    {
        MailPlan
            .NextDigest(Box([], DigestRhythm.Weekdays), Local("2026-05-08 09:00"))
            .ShouldBe(Local("2026-05-11 08:30"));
        MailPlan.NextDigest(Box([], DigestRhythm.Daily), Local("2026-05-06 08:29")).ShouldBe(Local("2026-05-06 08:30"));
        MailPlan.NextDigest(Box([], DigestRhythm.Daily), Local("2026-05-06 08:30")).ShouldBe(Local("2026-05-07 08:30"));
    }

    [Theory]
    [InlineData("02:30", "2026-03-28 12:00", "2026-03-29T01:00Z")] // 02:30 does not exist: the first instant after the gap
    [InlineData("02:30", "2026-10-24 12:00", "2026-10-25T00:30Z")] // 02:30 comes twice: the earlier one
    [InlineData("08:30", "2026-03-28 12:00", "2026-03-29T06:30Z")]
    [InlineData("08:30", "2026-10-24 12:00", "2026-10-25T07:30Z")]
    public void A_digest_keeps_its_wall_time_when_the_clocks_change(string at, string now, string expected)
    {
        var box = Box([], DigestRhythm.Daily);
        var digest = box.Person.Digest with
        {
            At = TimeOnly.Parse(at, System.Globalization.CultureInfo.InvariantCulture),
        };

        MailPlan
            .NextDigest(box with { Person = box.Person with { Digest = digest } }, Local(now))
            .ShouldBe(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(DigestRhythm.Auto, true)]
    [InlineData(DigestRhythm.Never, false)]
    public void The_first_digest_comes_at_once_with_something_to_show(DigestRhythm rhythm, bool comes)
    {
        var start = Box([], rhythm, quiet: "09:00-11:00") with { NextDigestAt = null };

        (Plan(start, Now).Digest is not null).ShouldBe(comes);
        Plan(start with { HasParcels = false }, Now).Digest.ShouldBeNull();
        MailPlan.Decide(start, Rules with { DigestAtStart = false }, Now).Digest.ShouldBeNull();
    }

    [Theory]
    [InlineData(DigestRhythm.Auto, false)]
    [InlineData(DigestRhythm.Daily, true)]
    [InlineData(DigestRhythm.Weekly, true)]
    public void A_rhythm_that_was_asked_for_brings_a_digest_without_news(DigestRhythm rhythm, bool comes)
    {
        var box = Box([], rhythm) with { NextDigestAt = Now };

        (Plan(box, Now).Digest is not null).ShouldBe(comes);
        Plan(box with { HasParcels = false }, Now).Digest.ShouldBeNull();
        Plan(box with { Waiting = [Digest(1)] }, Now).Digest.ShouldBe([1]);
    }

    [Theory]
    [InlineData("2026-05-11", true)] // the digest of Monday 08:30 leaves less than a day
    [InlineData("2026-05-12", false)]
    [InlineData("2026-05-08", true)]
    [InlineData(null, false)]
    public void What_the_next_digest_would_tell_too_late_goes_as_an_alert(string? tellBy, bool promoted)
    {
        var box = Box([Digest(1, tellBy)], DigestRhythm.Weekly) with { NextDigestAt = Local("2026-05-11 08:30") };

        Plan(box, Now).Alerts.SelectMany(a => a).ShouldBe(promoted ? [1] : []);
        Plan(box with { NextDigestAt = Now }, Now).Digest.ShouldBe([1]);
    }

    [Fact]
    public void Who_wants_no_digest_gets_what_has_a_last_day_as_an_alert_and_nothing_else()
    {
        var box = Box([Digest(1, "2026-06-30"), Digest(2)], DigestRhythm.Never) with { NextDigestAt = Now };

        var plan = Plan(box, Now);
        plan.Alerts.SelectMany(a => a).ShouldBe([1]);
        plan.Digest.ShouldBeNull();
        plan.NextDigestAt.ShouldBeNull();
    }

    [Fact]
    public void Every_notice_is_told_before_the_end_of_its_last_day_whatever_the_settings() =>
        Prop.ForAll(
                Settings().ToArbitrary(),
                box =>
                {
                    var waiting = box.Waiting.ToList();
                    var current = box;
                    var (alertDay, alerts) = (default(DateOnly), 0);
                    for (var now = Now; now < Now.AddDays(25) && waiting.Count > 0; now = now.AddHours(1))
                    {
                        var today = Days.In(Berlin, now);
                        if (today != alertDay)
                            (alertDay, alerts) = (today, 0);
                        current = current with
                        {
                            Waiting = [.. waiting.Where(n => n.WrittenAt <= now)],
                            AlertsToday = alerts,
                        };
                        var plan = MailPlan.Decide(current, Rules with { DailyCap = 1 }, now);
                        var told = plan.Told.ToHashSet();
                        foreach (var notice in waiting.Where(n => told.Contains(n.Id)))
                            today.ShouldBeLessThanOrEqualTo(notice.TellBy!.Value);
                        waiting.RemoveAll(n => told.Contains(n.Id));
                        alerts += plan.Alerts.Count;
                        current = current with { NextDigestAt = plan.NextDigestAt ?? DateTimeOffset.MaxValue };
                    }
                    waiting.ShouldBeEmpty();
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static Gen<Mailbox> Settings() =>
        from rhythm in Gen.Elements(Enum.GetValues<DigestRhythm>())
        from quiet in Gen.Elements(null, "22:00-07:30", "00:00-23:00", "08:00-20:00")
        from open in Gen.Elements(true, false)
        from first in Gen.Elements(true, false)
        from notices in (
            from kind in Gen.Elements(NoticeKind.Deadline, NoticeKind.Step)
            from channel in Gen.Elements(Channel.Alert, Channel.Digest)
            from hours in Gen.Choose(0, 200)
            from ahead in Gen.Choose(2, 14)
            let written = Now.AddHours(hours)
            let last = Days.In(Berlin, written.AddHours(48)).AddDays(ahead - 2)
            select new WaitingNotice(0, kind, channel, written, last, last)
        ).ListOf(6)
        select Box([.. notices.Select((n, i) => n with { Id = i })], rhythm, quiet) with
        {
            HasOpenCase = open,
            NextDigestAt = first ? null : Now.AddHours(3),
        };

    private static PlannedMail Plan(Mailbox box, DateTimeOffset now) => MailPlan.Decide(box, Rules, now);

    private static Mailbox Box(
        WaitingNotice[] waiting,
        DigestRhythm rhythm = DigestRhythm.Auto,
        string? quiet = null
    ) =>
        new(
            new Person
            {
                Id = "ayse",
                Email = "ayse@example.org",
                Digest = new DigestSchedule(
                    new TimeOnly(8, 30),
                    rhythm,
                    rhythm == DigestRhythm.Days ? [DayOfWeek.Saturday] : []
                ),
                QuietHours = quiet is null ? null : new QuietHours(Time(quiet[..5]), Time(quiet[6..])),
            },
            Berlin,
            waiting,
            NextDigestAt: Now.AddHours(22),
            HasOpenCase: true,
            HasParcels: true,
            AlertsToday: 0
        );

    private static WaitingNotice Alert(long id) => new(id, NoticeKind.Step, Channel.Alert, Now.AddDays(-1));

    private static WaitingNotice Deadline(long id, string doBy) =>
        new(id, NoticeKind.Deadline, Channel.Alert, Now.AddDays(-1), Some.Day(doBy), Some.Day(doBy));

    private static WaitingNotice Digest(long id, string? tellBy = null) =>
        new(id, NoticeKind.Step, Channel.Digest, Now.AddDays(-1), TellBy: tellBy is null ? null : Some.Day(tellBy));

    private static TimeOnly Time(string text) =>
        TimeOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static DateTimeOffset Local(string wall) =>
        Days.At(Some.Day(wall[..10]), Time(wall[11..]), Some.Zone("Europe/Berlin"));
}
