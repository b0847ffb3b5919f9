using System.Diagnostics.Metrics;
using System.Globalization;
using TrackWatch.Worker.Telemetry;

namespace TrackWatch.Worker.Commands.Doctoring;

/// <param name="Status">Null = no answer.</param>
/// <param name="Trouble">.NET's word for what kept the answer away; null where there is one.</param>
internal sealed record Exchange(string Host, int? Status, string? Trouble, TimeSpan Took);

/// <summary>Listens to what happens on the wire while a source is asked; it needs no word of the source for it.</summary>
internal sealed class WireWatch : IDisposable
{
    private const string Requests = "http.client.request.duration";

    private readonly MeterListener listener = new();
    private readonly Lock gate = new();
    private readonly List<Exchange> exchanges = [];
    private readonly List<TimeSpan> ahead = [];

    public WireWatch()
    {
        // By name: an instrument is published before anybody holds it.
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name is Requests or Instruments.ClockAheadName)
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>(Hear);
        listener.Start();
    }

    public IReadOnlyList<Exchange> Exchanges
    {
        get
        {
            lock (gate)
                return [.. exchanges];
        }
    }

    /// <summary>How far this machine's clock is ahead of the sources', by the dates of their answers.</summary>
    public IReadOnlyList<TimeSpan> ClockAhead
    {
        get
        {
            lock (gate)
                return [.. ahead];
        }
    }

    public void Dispose() => listener.Dispose();

    private void Hear(
        Instrument instrument,
        double seconds,
        ReadOnlySpan<KeyValuePair<string, object?>> tags,
        object? state
    )
    {
        string? host = null,
            trouble = null;
        int? status = null;
        foreach (var (name, value) in tags)
            switch (name)
            {
                case "server.address":
                    host = value as string;
                    break;
                case "http.response.status_code":
                    status = Convert.ToInt32(value, CultureInfo.InvariantCulture);
                    break;
                case "error.type":
                    trouble = value as string;
                    break;
            }
        lock (gate)
        {
            if (instrument.Name == Instruments.ClockAheadName)
                ahead.Add(TimeSpan.FromSeconds(seconds));
            else
                exchanges.Add(new(host ?? "", status, status is null ? trouble : null, TimeSpan.FromSeconds(seconds)));
        }
    }
}
