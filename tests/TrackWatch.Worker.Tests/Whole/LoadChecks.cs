using TrackWatch.TestKit.Database;
using TrackWatch.TestKit.Running;
using TrackWatch.TestKit.Smtp;

namespace TrackWatch.Worker.Tests.Whole;

internal static class LoadChecks
{
    /// <summary>Everything was polled and recorded, once; every stall was told, once.</summary>
    public static async Task ShouldBeWholeIn(this Load load, Tables tables, SmtpSink sink)
    {
        (await tables.CountAsync("select count(distinct shipment_id) from polls where outcome = 'Ok'")).ShouldBe(
            load.All
        );
        (await tables.CountAsync("select count(*) from tracking_events")).ShouldBe(load.All * Load.EventsEach);
        (
            await tables.CountAsync("select count(distinct (shipment_id, code, time_as_sent)) from tracking_events")
        ).ShouldBe(load.All * Load.EventsEach);
        sink.Mails.SelectMany(m => m.To)
            .Order(StringComparer.Ordinal)
            .ShouldBe(Enumerable.Range(load.Moving, load.Stalled).Select(i => $"person-{i}@example.org"));
    }
}
