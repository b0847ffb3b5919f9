using System.Text;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Configuration.Yaml;
using TrackWatch.Worker.Registering;

namespace TrackWatch.TestKit.Scenarios;

// A journey script, key by key: people and orders as in an orders file, what the sources will say, what the buyer does,
// and which mails are to be seen.

internal sealed record JourneyEntries
{
    public required DateOnly From { get; init; }
    public required DateOnly To { get; init; }
    public IReadOnlyDictionary<string, PersonEntry> People { get; init; } = new Dictionary<string, PersonEntry>();
    public IReadOnlyList<OrderEntry> Orders { get; init; } = [];
    public IReadOnlyDictionary<string, SourceEntry> Sources { get; init; } = new Dictionary<string, SourceEntry>();
    public IReadOnlyDictionary<string, IReadOnlyList<ScriptedEvent>> Events { get; init; } =
        new Dictionary<string, IReadOnlyList<ScriptedEvent>>();
    public IReadOnlyList<Act> Acts { get; init; } = [];
    public bool Digests { get; init; }
    public IReadOnlyList<ExpectedMail> Expect { get; init; } = [];
}

internal sealed record SourceEntry
{
    public IReadOnlyList<Outage> Blocked { get; init; } = [];
}

/// <summary>Days on which a source shows its block page; the last one included.</summary>
internal sealed record Outage
{
    public required DateOnly From { get; init; }
    public required DateOnly To { get; init; }
}

internal sealed record ScriptedEvent
{
    /// <summary>UTC where no zone is written.</summary>
    public required string At { get; init; }
    public required string Code { get; init; }
    public string Text { get; init; } = "";
    public string? Place { get; init; }
    public string Provider { get; init; } = "cainiao";

    /// <summary>From when on the source says it; default: at once.</summary>
    public string? Known { get; init; }

    public DateTimeOffset Happens => Instants.Parse(At);
    public DateTimeOffset KnownFrom => Instants.Parse(Known ?? At);
}

internal sealed record Act
{
    public required string At { get; init; }

    /// <summary>A command line without the program's name.</summary>
    public string? Command { get; init; }

    public DateTimeOffset When => Instants.Parse(At);
}

internal sealed record ExpectedMail
{
    /// <summary>The person's day.</summary>
    public required DateOnly Day { get; init; }
    public string? Person { get; init; }
    public string? Order { get; init; }
    public required string Kind { get; init; }
    public string? Step { get; init; }
}

internal static class Instants
{
    public static DateTimeOffset Parse(string text) =>
        DateTimeOffset.Parse(
            text,
            System.Globalization.CultureInfo.InvariantCulture,
            System.Globalization.DateTimeStyles.AssumeUniversal | System.Globalization.DateTimeStyles.AdjustToUniversal
        );
}

/// <summary>A script that was read, with its people and orders as the product sees them.</summary>
internal sealed record Journey(JourneyEntries Script, IReadOnlyList<Person> People, IReadOnlyList<OrderInFile> Orders)
{
    /// <exception cref="FormatException">The script has problems; the message lists them.</exception>
    public static Journey Read(string yaml)
    {
        var problems = new Problems();
        var places = new Places();
        var root = YamlText.Read("journey", Encoding.UTF8.GetBytes(yaml), problems);
        var script = new YamlBinder(problems, places).Bind<JourneyEntries>(root);
        var orders = new OrdersEntries { People = script.People, Orders = script.Orders };
        var (people, entries) = new OrdersAssembler(
            new OrdersContext { TimeZone = "Etc/UTC" },
            places,
            problems
        ).Assemble([orders]);
        if (problems.AnyError)
            throw new FormatException(string.Join('\n', problems.All));
        return new Journey(script, people, entries);
    }
}
