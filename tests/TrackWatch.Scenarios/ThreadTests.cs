using Microsoft.Extensions.Logging.Abstractions;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Simulating;
using TrackWatch.TestKit.Scenarios;
using TrackWatch.TestKit.Smtp;
using TrackWatch.Worker.Commands.Simulating;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Notifying;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Notifying.Transports;
using TrackWatch.Worker.Notifying.Transports.Smtp;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Scenarios;

/// <summary>What the mails of a journey have to do with each other, once they went through a real mail server.</summary>
public sealed class ThreadTests
{
    /// <summary>
    /// The lamp stops between the countries, its protection is made longer, then the money comes back; the hub stops later. The
    /// source is blocked for a while.
    /// </summary>
    private const string Year = """
        from: 2026-03-01
        to: 2026-06-10
        people:
          jan: {email: jan@example.org, timezone: Europe/Warsaw, country: PL}
        orders:
          - {id: lamp, person: jan, item: "Lamp; grün, 2 m", ordered: 2026-03-01, shipped: 2026-03-02, promised_by: 2026-06-15, protection_ends: 2026-05-10, tracking: [LP00900000000011]}
          - {id: hub, person: jan, item: Hub, ordered: 2026-04-20, shipped: 2026-04-22, promised_by: 2026-07-15, protection_ends: 2026-08-10, tracking: [LP00900000000028]}
        sources:
          cainiao: {blocked: [{from: 2026-03-27, to: 2026-04-02}]}
        events:
          LP00900000000011:
            - {at: 2026-03-03T06:00Z, code: PU_PICKUP_SUCCESS, text: Picked up, place: Shenzhen}
            - {at: 2026-03-05T06:00Z, code: LH_DEPART, text: Departed}
          LP00900000000028:
            - {at: 2026-04-25T06:00Z, code: PU_PICKUP_SUCCESS, text: Picked up, place: Shenzhen}
            - {at: 2026-05-02T06:00Z, code: LH_DEPART, text: Departed}
        acts:
          - {at: 2026-05-04T08:00Z, command: tell lamp protection 2026-05-24}
          - {at: 2026-05-13T12:00Z, command: tell lamp refund received 20 EUR}
        """;

    [Fact]
    public async Task Alerts_of_a_case_digests_and_an_outage_each_thread_and_a_day_moves_and_leaves_the_calendar()
    {
        await using var lived = await LivedTwice.RunAsync(Year);
        lived.ShouldAgree();

        var mails = await ThroughAServerAsync(lived.World.Mails);

        var alerts = mails.Where(m => Id(m).StartsWith("alert.", StringComparison.Ordinal)).ToList();
        var hub = alerts.Where(m => m.Headers["Subject"].Contains("Hub", StringComparison.Ordinal)).ToList();
        var lamp = alerts.Except(hub).ToList();
        (lamp.Count > 2 && hub.Count > 2).ShouldBeTrue($"{lamp.Count} {hub.Count}");
        ShouldThread(lamp);
        ShouldThread(hub);
        ShouldThread([.. mails.Where(m => Id(m).StartsWith("digest.", StringComparison.Ordinal))]);
        var outage = mails.Where(m => Id(m).StartsWith("operator.", StringComparison.Ordinal)).ToList();
        outage.Count.ShouldBe(2);
        ShouldThread(outage);

        // The same in the simulation: names, threads and calendars.
        var simulated = await SimulatedAsync(lived);
        (await Task.WhenAll(simulated.Select(ToldAsync))).ShouldBe(await Task.WhenAll(mails.Select(ToldAsync)));

        await ShouldKeepACalendarAsync(mails);
    }

    [Fact]
    public async Task Who_wants_no_calendar_gets_none()
    {
        await using var lived = await LivedTwice.RunAsync(
            Year.Replace("country: PL}", "country: PL, calendar: false}", StringComparison.Ordinal)
        );

        var mails = await ThroughAServerAsync(lived.World.Mails);

        mails.ShouldNotBeEmpty();
        mails.ShouldAllBe(m => m.Attachments.Count == 0);
        (await lived.World.CountAsync("select count(*) from calendar_events")).ShouldBe(0);
    }

    private static void ShouldThread(List<ReadMail> thread)
    {
        thread[0].Headers.ContainsKey("References").ShouldBeFalse();
        thread[0].Headers.ContainsKey("In-Reply-To").ShouldBeFalse();
        for (var i = 1; i < thread.Count; i++)
        {
            thread[i].Headers["In-Reply-To"].ShouldBe($"<{Id(thread[i - 1])}>");
            var references = thread[i].Headers["References"].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            references[0].ShouldBe($"<{Id(thread[0])}>");
            references.Skip(1).ShouldBe(thread.Take(i).Skip(1).TakeLast(MailThread.Newest).Select(m => $"<{Id(m)}>"));
        }
    }

    private static async Task ShouldKeepACalendarAsync(IReadOnlyList<ReadMail> mails)
    {
        var given = new List<ReadEvent>();
        foreach (var mail in mails)
        foreach (var file in mail.Attachments)
        {
            file.Type.ShouldBe("text/calendar");
            file.Name.ShouldEndWith(".ics");
            var calendar = await ReadCalendar.FromAsync(file.Bytes);
            calendar.Method.ShouldBe("PUBLISH");
            calendar.Errors.ShouldBeEmpty();
            calendar.LongestLine.ShouldBeLessThanOrEqualTo(75);
            given.AddRange(calendar.Events);
        }
        given.ShouldAllBe(e => e.End == e.Start.AddDays(1) && e.Transparent);
        foreach (var day in given.GroupBy(e => e.Uid))
        foreach (var (before, after) in day.Zip(day.Skip(1)))
            if ((before.Start, before.Status) == (after.Start, after.Status))
                (after.Sequence, after.Stamp).ShouldBe((before.Sequence, before.Stamp));
            else
                (after.Sequence > before.Sequence && after.Stamp > before.Stamp).ShouldBeTrue($"{before} {after}");

        var protection = given.Where(e => e.Uid == "lamp.protection.jan@trackwatch").ToList();
        protection
            .Select(e => (e.Start, e.Status))
            .Distinct()
            .ShouldBe([
                (new DateOnly(2026, 5, 9), "CONFIRMED"),
                (new DateOnly(2026, 5, 23), "CONFIRMED"),
                (new DateOnly(2026, 5, 23), "CANCELLED"),
            ]);
        protection[0].Summary.ShouldContain("Lamp; grün, 2 m");
        // On the mornings of seven, three and one day before.
        protection[0].Alarms.ShouldBe([-6.625 * 86400, -2.625 * 86400, -0.625 * 86400]);
        protection[^1].Alarms.ShouldBeEmpty();
        // It goes with a mail that goes anyway.
        mails.ShouldAllBe(m => !m.Headers["Subject"].Contains("No longer", StringComparison.Ordinal));
    }

    private static async Task<string> ToldAsync(ReadMail mail)
    {
        var days = new List<string>();
        foreach (var file in mail.Attachments)
            days.AddRange(
                (await ReadCalendar.FromAsync(file.Bytes)).Events.Select(e =>
                    $"{e.Uid} {e.Start:O} {e.Status} {e.Summary}"
                )
            );
        return string.Join(
            '\n',
            [Id(mail), mail.Headers["Subject"], mail.Headers.GetValueOrDefault("References") ?? "", .. days]
        );
    }

    private static async Task<IReadOnlyList<ReadMail>> SimulatedAsync(LivedTwice lived)
    {
        var kept = new Kept();
        var world = lived.World;
        var mails = new SimulatedMails(
            world.Get<MailWriter>(),
            world.Get<MailSections>(),
            world.Get<MailCalendar>(),
            // Names are keyed by the database, so that nobody can guess them.
            world.Get<Postmark>().Keyed(await world.Get<Secrets>().ReplyKeyAsync(default)),
            world.Get<LanguageFiles>(),
            world.Settings,
            lived.Script.People,
            kept
        );
        foreach (var happening in lived.Happened)
            switch (happening)
            {
                case Happening.Mailed mailed:
                    await mails.WriteAsync(mailed, isShown: true, default);
                    break;
                case Happening.OperatorMailed told:
                    await mails.WriteAsync(told, default);
                    break;
            }
        return await Task.WhenAll(kept.Mails.Select(m => ReadMail.FromAsync(m.Bytes)));
    }

    private static async Task<IReadOnlyList<ReadMail>> ThroughAServerAsync(List<OutgoingMail> mails)
    {
        await using var sink = await SmtpSink.StartAsync();
        await using var transport = new SmtpTransport(
            new MailServer(SmtpSink.Host, sink.Port, MailSecurity.None),
            SubmissionClient.ConnectAsync,
            TimeProvider.System,
            NullLogger<SmtpTransport>.Instance
        );
        foreach (var mail in mails)
            (await transport.SendAsync(mail, default)).ShouldBeOfType<Delivery.Accepted>();
        var came = await sink.WaitForAsync(mails.Count);
        var read = (await Task.WhenAll(came.Select(m => ReadMail.FromAsync(m.Bytes)))).ToDictionary(Id);
        return [.. mails.Select(m => read[m.MessageId])];
    }

    private static string Id(ReadMail mail) => mail.Headers["Message-ID"].Trim('<', '>');

    private sealed class Kept : IMailTransport
    {
        public List<OutgoingMail> Mails { get; } = [];

        public string Name => "kept";

        public Task<Delivery> SendAsync(OutgoingMail mail, CancellationToken ct)
        {
            Mails.Add(mail);
            return Task.FromResult<Delivery>(new Delivery.Accepted("250 kept"));
        }
    }
}
