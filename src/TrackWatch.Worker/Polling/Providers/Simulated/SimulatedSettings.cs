using System.ComponentModel;

namespace TrackWatch.Worker.Configuration;

internal sealed record SimulatedSettings
{
    [Description("Off by default: its parcels are made up.")]
    public bool Enabled { get; init; }
}
