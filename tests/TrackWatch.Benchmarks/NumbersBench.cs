using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using TrackWatch.Domain.Polling;

namespace TrackWatch.Benchmarks;

/// <summary>What a look at a tracking number costs, beside one regular expression for one of its forms.</summary>
internal static partial class NumbersBench
{
    private const int Runs = 7;

    private static readonly (string What, string[] Numbers)[] Kinds =
    [
        ("Cainiao, no check", ["LP00612345678901", "LP00299792458001"]),
        ("S10, right", ["RR473124829GB", "LX900000019CN", "CP100000034TR"]),
        ("UPS, right", ["1ZTW12340312345679"]),
        ("12 digits, right for one of five checks", ["202611223454", "202611223451"]),
        ("a form nobody has", ["WHERE20261122X7", "QQ2026112233445566QQ"]),
        ("S10, two digits swapped: with corrections", ["RR437124829GB"]),
        ("USPS, a wrong digit: with corrections", ["9400112026112234567894"]),
    ];

    public static void Run()
    {
        var regex = Nanoseconds(["RR473124829GB"], number => S10().IsMatch(number) ? 1 : 0);
        Row("one regular expression, S10's shape only", regex, regex);
        Row(
            "int.Parse of 9 digits",
            Nanoseconds(["473124829"], text => int.Parse(text, CultureInfo.InvariantCulture)),
            regex
        );
        foreach (var (what, numbers) in Kinds)
            Row(what, Nanoseconds(numbers, number => NumberCheck.Look(number).Candidates.Count), regex);
    }

    /// <summary>Median of some runs of about a fifth of a second, after one that does not count.</summary>
    private static double Nanoseconds(string[] texts, Func<string, int> look)
    {
        var rates = new List<double>();
        var sum = 0;
        for (var run = 0; run <= Runs; run++)
        {
            var watch = Stopwatch.StartNew();
            var looks = 0;
            while (watch.ElapsedMilliseconds < 200)
                for (var i = 0; i < 100; i++, looks++)
                    sum += look(texts[looks % texts.Length]);
            if (run > 0)
                rates.Add(watch.Elapsed.TotalNanoseconds / looks);
        }
        GC.KeepAlive(sum);
        return rates.Order().ElementAt(Runs / 2);
    }

    private static void Row(string what, double nanoseconds, double regex) =>
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what, -45}{nanoseconds, 10:N0} ns {nanoseconds / regex, 8:0.0} times the regular expression"
            )
        );

    [GeneratedRegex("^[A-Z]{2}[0-9]{9}[A-Z]{2}$")]
    private static partial Regex S10();
}
