using TrackWatch.Benchmarks;
using TrackWatch.Worker.Rules;

// Ratios within one run: the machine, its load and its noise are the same on both sides.
// dotnet run -c Release --project tests/TrackWatch.Benchmarks [-- SHIPMENTS [RUNS]]
// dotnet run -c Release --project tests/TrackWatch.Benchmarks -- simulate [ORDERS]
// dotnet run -c Release --project tests/TrackWatch.Benchmarks -- numbers
if (args is ["numbers", ..])
{
    NumbersBench.Run();
    return 0;
}
if (args is ["simulate", ..])
{
    var orders = args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 1_000;
    Simulate(orders, people: Math.Max(1, orders / 10));
    Simulate(orders, people: 1);
    return 0;
}
var shipments = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 20_000;
var runs = args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 5;
await using var bench = await PollingBench.OpenAsync(shipments);

Console.WriteLine(
    $"{shipments} shipments, 18 events each, 10 per request, {PollingBench.InFlight} requests in flight, median of {runs} runs after a warm-up"
);
var bare = await Median.OfAsync(runs, bench.BareAsync);
var first = await Median.OfAsync(runs, bench.PollNewAsync);
var unchanged = await Median.OfAsync(runs, bench.PollUnchangedAsync);
var record = await Median.OfAsync(runs, bench.RecordAsync);
var copy = await Median.OfAsync(runs, bench.CopyAsync);

Row("bare HTTP + parse", bare, "polls/s");
Row("poll loop, answer unchanged", unchanged, "polls/s", unchanged / bare, "of bare HTTP + parse (aim 0.75)");
Row("poll loop, 18 new events each", first, "polls/s", first / bare, "of bare HTTP + parse");
Row("COPY into tracking_events", copy, "rows/s");
Row("recording new events", record, "rows/s", record / copy, "of COPY (aim 0.7)");
return 0;

static void Simulate(int orders, int people)
{
    var bench = new SimulationBench(orders, people, RuleBooks.BookOf(RuleBooks.Embedded));
    bench.Run();
    var (seconds, decisions, mails, notices) = bench.Run();
    Console.WriteLine(
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"a year of {orders} orders of {people} people: {seconds:0.0} s; {decisions} decisions, {mails} mails with {notices} notices"
        )
    );
}

static void Row(string what, double rate, string unit, double? ratio = null, string of = "") =>
    Console.WriteLine(
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{what, -32}{rate, 12:N0} {unit, -8}{(ratio is { } r ? $"{r, 8:0.00} {of}" : "")}"
        )
    );
