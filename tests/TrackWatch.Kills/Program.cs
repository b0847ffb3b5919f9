using System.Globalization;
using TrackWatch.Kills;

// dotnet run --project tests/TrackWatch.Kills [KILLS] [SEED]
var kills = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 50;
var seed = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : Random.Shared.Next(1_000_000);
await using var run = await KillRun.OpenAsync(seed);
return await run.RunAsync(kills) ? 0 : 1;
