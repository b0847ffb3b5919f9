using System.Text;
using TrackWatch.Worker.Commands.Simulating;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Registering;

namespace TrackWatch.TestKit.Scenarios;

/// <summary>Journey scripts as tests hold them.</summary>
internal static class Scripts
{
    /// <exception cref="FormatException">The script has problems; the message lists them.</exception>
    public static JourneyScript Read(string yaml)
    {
        var problems = new Problems();
        return ScriptReader.Read("journey", Encoding.UTF8.GetBytes(yaml), new OrdersContext(), problems)
            ?? throw new FormatException(string.Join('\n', problems.All));
    }
}
