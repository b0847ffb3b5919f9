namespace TrackWatch.Benchmarks;

internal static class Median
{
    /// <summary>The middle of <paramref name="runs"/> rates, after one run that does not count.</summary>
    public static async Task<double> OfAsync(int runs, Func<Task<double>> measure)
    {
        await measure();
        var rates = new List<double>();
        for (var run = 0; run < runs; run++)
            rates.Add(await measure());
        return rates.Order().ElementAt(runs / 2);
    }
}
