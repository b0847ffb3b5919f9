using System.Security.Cryptography;
using System.Text;
using Npgsql;
using TrackWatch.Domain;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Rules;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Running;

/// <summary>Tells the operator of rule packs that are not used, once a day for the same problems.</summary>
internal sealed class RulePackNews(LoadedRules rules, TrackWatchSettings settings, NpgsqlDataSource source)
{
    private const int MostProblems = 20;

    public async Task TellAsync(DateTimeOffset now, CancellationToken ct)
    {
        if (rules.IsFine)
            return;
        string[] errors =
        [
            .. rules.Problems.Where(p => p.Severity == Severity.Error).Take(MostProblems).Select(p => p.ToString()),
        ];
        var hash = Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', errors))).AsSpan(0, 8)
        );
        await using var connection = await source.OpenConnectionAsync(ct);
        await Outbox.TellOperatorAsync(
            connection,
            $"rules-refused/{Days.In(TimeZoneInfo.Utc, now):yyyy-MM-dd}/{hash}",
            new OperatorNews.RulesRefused(settings.Rules.Folder, errors),
            now,
            ct
        );
    }
}
