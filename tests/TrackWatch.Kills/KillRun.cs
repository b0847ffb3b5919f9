using System.Globalization;
using System.Text;
using TrackWatch.TestKit.Database;
using TrackWatch.TestKit.Providers;
using TrackWatch.TestKit.Running;
using TrackWatch.TestKit.Smtp;

namespace TrackWatch.Kills;

/// <summary>
/// Kills a worker again and again in the midst of its work, while histories grow and parcels stall, and counts at the end
/// whether anything was lost or told twice. The whole world is outside the worker: the source, the database, the mail server.
/// </summary>
internal sealed class KillRun : IAsyncDisposable
{
    private const int Parcels = 200;
    private const int StalledPerKill = 2;

    private static readonly string[] Codes =
    [
        "PU_PICKUP_SUCCESS",
        "SC_INBOUND_SUCCESS",
        "SC_OUTBOUND_SUCCESS",
        "LH_HO_IN_SUCCESS",
        "CC_EX_START",
        "CC_EX_SUCCESS",
        "LH_HO_AIRLINE",
        "LH_DEPART",
    ];

    private readonly Random random;
    private readonly int seed;
    private readonly DateTimeOffset start = TimeProvider.System.GetUtcNow();
    private readonly ProviderStubProcess stub;
    private readonly SmtpSink sink;
    private readonly WorkerHome home;
    private readonly Tables tables;
    private readonly Dictionary<string, List<CainiaoEvent>> said = [];
    private int stalled;

    private KillRun(int seed, ProviderStubProcess stub, SmtpSink sink, string database)
    {
        this.seed = seed;
        this.stub = stub;
        this.sink = sink;
        random = new Random(seed);
        tables = new Tables(database);
        home = new WorkerHome(database).Asking(stub.Url).MailingTo(sink);
        home.Environment["TRACKWATCH__POLLING__INTERVAL"] = "5s";
        home.Environment["TRACKWATCH__POLLING__LEASE"] = "3s";
        home.Environment["TRACKWATCH__PROVIDERS__CAINIAO__LANES"] = "2";
        home.Environment["TRACKWATCH__MAIL__STEPTIMEOUT"] = "1s"; // a mail's lease follows from it
    }

    private Load Load => new(Parcels, stalled);

    public static async Task<KillRun> OpenAsync(int seed)
    {
        var sink = await SmtpSink.StartAsync();
        sink.On("END", "slow 0.1"); // wide enough a window between the server's word and our note of it
        return new KillRun(
            seed,
            await ProviderStubProcess.StartAsync(),
            sink,
            await ProductDatabases.Shared.CreateAsync()
        );
    }

    /// <returns>Whether all is as it should be.</returns>
    public async Task<bool> RunAsync(int kills)
    {
        Say($"{kills} kills, seed {seed}");
        for (var i = 0; i < Parcels; i++)
            await SayMoreAsync(Load.Number(i));
        for (var kill = 1; kill <= kills; kill++)
        {
            await StallMoreAsync();
            await using var worker = home.Start();
            // Some die while they start, most in the midst of their work.
            if (random.Next(5) > 0)
                await worker.UntilLoggedAsync("Watching.");
            var until = TimeSpan.FromMilliseconds(random.Next(100, 5000));
            for (var passed = TimeSpan.Zero; passed < until; passed += TimeSpan.FromMilliseconds(50))
            {
                await SayMoreAsync(Load.Number(random.Next(Parcels)));
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }
            if (!worker.IsRunning)
            {
                Say($"The worker ended by itself:\n{worker.Log}");
                return false;
            }
            await worker.KillAsync();
            if (kill % 10 == 0)
                Say($"{kill} kills, {said.Values.Sum(e => e.Count)} events said, {sink.Mails.Count} mails taken");
        }
        await using var last = home.Start();
        try
        {
            // A mail that was on its way stays leased for a good minute.
            await last.UntilAsync("all is recorded and told", IsSettledAsync, TimeSpan.FromMinutes(3));
        }
        catch (TimeoutException e)
        {
            Say(e.Message);
        }
        await last.TerminateAsync();
        return await ReportAsync(kills);
    }

    public async ValueTask DisposeAsync()
    {
        home.Dispose();
        await tables.DisposeAsync();
        await stub.DisposeAsync();
        await sink.DisposeAsync();
    }

    /// <summary>The source knows one more event of a parcel from now on.</summary>
    private Task SayMoreAsync(string number)
    {
        if (!said.TryGetValue(number, out var events))
            said[number] = events = [];
        var at = start.AddDays(-5).AddMinutes(events.Count * 10);
        events.Add(new CainiaoEvent(at, Codes[events.Count % Codes.Length], $"[Place {events.Count}] on its way"));
        return stub.PutParcelAsync(number, CainiaoParcels.Parcel(number, events));
    }

    /// <summary>More orders stand in the file, whose parcels have been silent for long.</summary>
    private async Task StallMoreAsync()
    {
        stalled += StalledPerKill;
        foreach (var number in Load.StalledNumbers.TakeLast(StalledPerKill))
        {
            said[number] = [.. CainiaoParcels.FlownOut(start, daysAgo: 17)];
            await stub.PutParcelAsync(number, CainiaoParcels.Parcel(number, said[number]));
        }
        home.WriteOrders(Load.Orders());
    }

    private async Task<bool> IsSettledAsync() =>
        await tables.CountAsync("select count(*) from tracking_events") >= said.Values.Sum(e => e.Count)
        && await tables.CountAsync("select count(distinct person_id) from mails where accepted_at is not null")
            >= stalled
        && await tables.CountAsync(
            "select (select count(*) from mails where next_attempt_at is not null) + (select count(*) from notices where channel = 'Alert' and mail_id is null and withdrawn_at is null)"
        ) == 0;

    private async Task<bool> ReportAsync(int kills)
    {
        var recorded = await tables.ListAsync(
            "select s.number || ' ' || e.code || ' ' || to_char(e.wall, 'YYYY-MM-DD HH24:MI:SS') from tracking_events e join shipments s on s.id = e.shipment_id"
        );
        var expected = said.SelectMany(parcel =>
                parcel.Value.Select(e =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{parcel.Key} {e.Code} {e.At.ToOffset(TimeSpan.FromHours(8)):yyyy-MM-dd HH:mm:ss}"
                    )
                )
            )
            .ToHashSet();
        var mails = sink.Mails.Select(m => (To: m.To.Single(), Id: MessageId(m.Bytes))).ToList();
        var people = mails.GroupBy(m => m.To).ToList();
        (string What, long Count, bool Wrong)[] figures =
        [
            ("events said by the source", expected.Count, false),
            ("events lost", expected.Except(recorded).Count(), true),
            ("events recorded that were never said", recorded.Distinct().Except(expected).Count(), true),
            ("events recorded twice", recorded.Count - recorded.Distinct().Count(), true),
            ("polls", await tables.CountAsync("select count(*) from polls"), false),
            ("stalled parcels", stalled, false),
            ("stalls nobody was told of", stalled - people.Count, true),
            (
                "alerts left behind",
                await tables.CountAsync(
                    "select count(*) from notices where channel = 'Alert' and mail_id is null and withdrawn_at is null"
                ),
                true
            ),
            ("people told twice in different mails", people.Count(p => p.Distinct().Count() > 1), true),
            ("mails noted as accepted that the server never took", await NeverTakenAsync(mails), true),
            ("mails taken", mails.Count, false),
            ("of these taken again with the same Message-ID", mails.Count - mails.Distinct().Count(), false),
        ];
        foreach (var (what, count, wrong) in figures)
            Say($"{count, 8}  {what}{(wrong && count != 0 ? "   <-- WRONG" : "")}");
        var well = figures.All(f => !f.Wrong || f.Count == 0);
        Say(well ? $"{kills} kills: nothing lost, nothing told twice." : $"{kills} kills: NOT well. Seed {seed}.");
        return well;
    }

    private async Task<long> NeverTakenAsync(List<(string To, string Id)> mails) =>
        (await tables.ListAsync("select message_id from mails where accepted_at is not null"))
            .Except(mails.Select(m => m.Id.Trim('<', '>')))
            .Count();

    private static string MessageId(byte[] mail) =>
        Encoding
            .Latin1.GetString(mail)
            .Split("\r\n")
            .First(line => line.StartsWith("Message-ID:", StringComparison.OrdinalIgnoreCase))["Message-ID:".Length..]
            .Trim();

    private static void Say(string words) => Console.WriteLine(words);
}
