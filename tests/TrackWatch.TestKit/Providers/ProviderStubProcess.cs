using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;

namespace TrackWatch.TestKit.Providers;

/// <summary>A Cainiao-shaped server in a process of its own; it ends with this object, or with the test run at the latest.</summary>
public sealed class ProviderStubProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _control;

    private ProviderStubProcess(Process process, Uri url)
    {
        _process = process;
        Url = url;
        _control = new() { BaseAddress = url };
    }

    /// <summary>What <c>TRACKWATCH__PROVIDERS__CAINIAO__BASEURL</c> wants.</summary>
    public Uri Url { get; }

    /// <param name="folder">Holds <c>NUMBER.json</c>, one parcel object each.</param>
    /// <param name="syntheticEvents">With more than 0 any number answers with so many events.</param>
    public static async Task<ProviderStubProcess> StartAsync(string? folder = null, int syntheticEvents = 0)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "TrackWatch.ProviderStub.dll"),
                "--until-stdin-closes",
                "--synthetic",
                syntheticEvents.ToString(CultureInfo.InvariantCulture),
            },
        };
        if (folder is not null)
        {
            start.ArgumentList.Add("--folder");
            start.ArgumentList.Add(folder);
        }
        var process = Process.Start(start) ?? throw new InvalidOperationException("The provider stub did not start.");
        var url = await process.StandardOutput.ReadLineAsync();
        return Uri.TryCreate(url, UriKind.Absolute, out var address)
            ? new(process, address)
            : throw new InvalidOperationException($"The provider stub ended before it named its address: {url}");
    }

    /// <summary>Lets <paramref name="number"/> answer with this parcel object from now on.</summary>
    public Task PutParcelAsync(string number, string json) =>
        SendAsync(HttpMethod.Put, $"_parcels/{number}", new StringContent(json, Encoding.UTF8, "application/json"));

    public Task RemoveParcelAsync(string number) => SendAsync(HttpMethod.Delete, $"_parcels/{number}");

    /// <summary>Every question is answered with exactly this from now on.</summary>
    /// <param name="path">Only questions whose path ends so (or <c>POST /things</c>); to be put after the one for all others.</param>
    /// <param name="header">One more header, as <c>Name:value</c>.</param>
    public Task PutBodyAsync(
        byte[] body,
        string contentType = "application/json",
        int status = 200,
        string? path = null,
        string? header = null
    ) =>
        SendAsync(
            HttpMethod.Put,
            $"_body?status={status}"
                + (path is null ? "" : $"&path={Uri.EscapeDataString(path)}")
                + (header is null ? "" : $"&header={Uri.EscapeDataString(header)}"),
            new ByteArrayContent(body) { Headers = { ContentType = new(contentType) } }
        );

    /// <param name="mode">normal | block-page | too-many | error | slow | hang | truncated | broken-off | reset | redirect | huge | bomb | missing-one.</param>
    /// <param name="arg">Status, seconds, milliseconds or MiB, as the mode wants it.</param>
    /// <param name="times">Falls back to normal after so many answers.</param>
    public Task SetModeAsync(string mode, int? arg = null, int? times = null) =>
        SendAsync(
            HttpMethod.Put,
            $"_mode/{mode}?{(arg is null ? "" : $"arg={arg}&")}{(times is null ? "" : $"times={times}")}"
        );

    /// <summary>What was asked since the start or the last <see cref="ForgetStatsAsync"/>.</summary>
    public async Task<ProviderStubStats> StatsAsync() =>
        await _control.GetFromJsonAsync<ProviderStubStats>("_stats")
        ?? throw new InvalidOperationException("The provider stub has no figures.");

    public Task ForgetStatsAsync() => SendAsync(HttpMethod.Delete, "_stats");

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }
        _process.Dispose();
    }

    private async Task SendAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await _control.SendAsync(request);
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"{method} {path}: {await response.Content.ReadAsStringAsync()}");
    }
}

/// <param name="Requests">All tracking questions.</param>
/// <param name="MostInFlight">The most questions that were open at once.</param>
/// <param name="LastRequest">The last question's first line and headers.</param>
/// <param name="Numbers">When each number was asked about, oldest first.</param>
public sealed record ProviderStubStats(
    long Requests,
    int MostInFlight,
    string LastRequest,
    IReadOnlyDictionary<string, IReadOnlyList<DateTimeOffset>> Numbers
)
{
    /// <summary>Method and path of every question, in their order; none in synthetic mode.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    public int CountOf(string number) => Numbers.TryGetValue(number, out var times) ? times.Count : 0;
}
