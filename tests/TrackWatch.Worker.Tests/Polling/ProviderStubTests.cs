using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using TrackWatch.Domain.Polling;
using TrackWatch.TestKit.Providers;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Polling.Providers.Cainiao;

namespace TrackWatch.Worker.Tests.Polling;

/// <summary>What other tests rely on when they let the stub stand for Cainiao.</summary>
public sealed class ProviderStubTests
{
    [Fact]
    public async Task A_parcel_comes_from_its_file_or_as_it_was_put_and_every_question_is_counted()
    {
        var folder = Directory.CreateTempSubdirectory("trackwatch-stub-");
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "LP00900000000011.json"),
            """{"mailNo":"LP00900000000011","detailList":[{"timeStr":"2026-09-01 10:00:00","actionCode":"LH_DEPART"}]}"""
        );
        await using var stub = await ProviderStubProcess.StartAsync(folder.FullName);
        await stub.PutParcelAsync("RC900000019EE", """{"mailNo":"RC900000019EE","mailNoSource":"AE"}""");
        await stub.SetModeAsync("error", 503, times: 1);

        (await OutcomesAsync(stub, "LP00900000000011")).ShouldBe([PollOutcomeKind.Failed]);
        (await OutcomesAsync(stub, "LP00900000000011", "RC900000019EE", "HELLO123")).ShouldBe([
            PollOutcomeKind.Ok,
            PollOutcomeKind.Ok,
            PollOutcomeKind.NotFound,
        ]);

        var stats = await stub.StatsAsync();
        (stats.Requests, stats.CountOf("LP00900000000011"), stats.CountOf("HELLO123")).ShouldBe((2, 2, 1));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task In_synthetic_mode_any_number_has_so_many_events()
    {
        await using var stub = await ProviderStubProcess.StartAsync(syntheticEvents: 18);

        (await OutcomesAsync(stub, "A12345", "B12345")).ShouldBe([PollOutcomeKind.Ok, PollOutcomeKind.Ok]);
    }

    private static async Task<List<PollOutcomeKind>> OutcomesAsync(ProviderStubProcess stub, params string[] numbers)
    {
        var now = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var provider = new CainiaoProvider(
            new CainiaoSettings { BaseUrl = stub.Url },
            TimeProvider.System,
            NullLogger<CainiaoProvider>.Instance
        );
        var questions = numbers.Select(number => new PollQuestion(number, now)).ToList();
        return await provider.AskAsync(questions, default) switch
        {
            ProviderReply.Trouble trouble => [trouble.Outcome.Kind],
            ProviderReply.Entries entries =>
            [
                .. questions.Select(q => provider.Read(q, entries.ByNumber[q.Number], now).Kind),
            ],
            _ => throw new UnreachableException(),
        };
    }
}
