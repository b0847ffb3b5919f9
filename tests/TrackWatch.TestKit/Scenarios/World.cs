using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Npgsql;
using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Registering;
using TrackWatch.TestKit.Database;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Notifying;
using TrackWatch.Worker.Notifying.Transports;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Registering;
using TrackWatch.Worker.Running;
using TrackWatch.Worker.Storage;

namespace TrackWatch.TestKit.Scenarios;

/// <summary>One notice as it left in a mail.</summary>
internal sealed record SentNotice(
    DateOnly Day,
    string Kind,
    string Person,
    string? Order,
    string? Step,
    string Instance,
    string Subject
)
{
    public override string ToString() => $"{Day:yyyy-MM-dd} {Kind} {Person} {Order} {Step ?? Instance}";
}

/// <summary>
/// The real rooms on a real database under a virtual clock. Time jumps from one due moment to the next, so a year costs as
/// many rounds as something was to be done in it.
/// </summary>
internal sealed class World : IAsyncDisposable
{
    private static readonly TestDatabases Databases = ProductDatabases.Shared;

    private readonly Journey journey;
    private readonly string connectionString;
    private readonly TrackWatchSettings settings;
    private ServiceProvider services;

    private World(Journey journey, string connectionString, TrackWatchSettings settings)
    {
        this.journey = journey;
        this.connectionString = connectionString;
        this.settings = settings;
        Clock = new VirtualClock(Days.StartOf(journey.Script.From, TimeZoneInfo.Utc));
        Source = new ScriptedSource("cainiao", journey.Script, Clock);
        services = Build();
    }

    public VirtualClock Clock { get; }
    public ScriptedSource Source { get; }
    public string ConnectionString => connectionString;
    public List<OutgoingMail> Mails { get; } = [];
    public int Rounds { get; private set; }

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public static async Task<World> OpenAsync(string yaml, Func<TrackWatchSettings, TrackWatchSettings>? change = null)
    {
        var settings = new TrackWatchSettings { Mail = new MailSettings { Settle = TimeSpan.FromMinutes(10) } };
        return new World(Journey.Read(yaml), await Databases.CreateAsync(), change?.Invoke(settings) ?? settings);
    }

    /// <summary>Lets the script run from its first to its last day.</summary>
    public async Task<World> RunAsync(Func<World, Task>? each = null)
    {
        var end = Days.StartOf(journey.Script.To.AddDays(1), TimeZoneInfo.Utc);
        var acts = new Queue<Act>(journey.Script.Acts.OrderBy(a => a.When));
        await RegisterAsync();
        while (Clock.GetUtcNow() < end)
        {
            while (acts.TryPeek(out var act) && act.When <= Clock.GetUtcNow())
                await DoAsync(acts.Dequeue());
            await Get<Round>().RunRoundAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
            Rounds++;
            if (each is not null)
                await each(this);
            var next = await NextDueAsync();
            if (acts.TryPeek(out var coming) && coming.When < next)
                next = coming.When;
            // Something that is due and does not get done must not stop time.
            Clock.SetTo(next <= Clock.GetUtcNow() ? Clock.GetUtcNow().AddMinutes(5) : next);
        }
        return this;
    }

    /// <summary>As a new process would find it: nothing is left but the database.</summary>
    public async Task RestartAsync()
    {
        await services.DisposeAsync();
        services = Build();
    }

    /// <summary>What was told in mails so far, notice by notice, in the order of sending.</summary>
    public async Task<IReadOnlyList<SentNotice>> SentAsync()
    {
        await using var db = await Get<IDbContextFactory<TrackWatchDb>>().CreateDbContextAsync();
        var rows = await (
            from notice in db.Notices
            join mail in db.Mails on notice.MailId equals mail.Id
            orderby mail.ComposedAt, notice.Id
            select new
            {
                Notice = notice,
                mail.Kind,
                mail.ComposedAt,
                mail.Subject,
            }
        ).ToListAsync();
        return
        [
            .. rows.Select(r =>
            {
                var person = journey.People.FirstOrDefault(p => p.Id == r.Notice.PersonId);
                var zone = person is null ? TimeZoneInfo.Utc : Zones.Of(person);
                var draft = r.Notice.OrderId is null ? null : DomainJson.Read<NoticeDraft>(r.Notice.Content);
                return new SentNotice(
                    Days.In(zone, r.ComposedAt),
                    r.Kind.ToLowerInvariant(),
                    r.Notice.PersonId,
                    r.Notice.OrderId,
                    draft?.Step?.Id(),
                    r.Notice.Instance,
                    r.Subject
                );
            }),
        ];
    }

    /// <summary>What the script expects and what was sent, in the same words.</summary>
    public async Task<(IReadOnlyList<string> Expected, IReadOnlyList<string> Sent)> CompareAsync()
    {
        var sent = await SentAsync();
        var first = journey.People[0].Id;
        return (
            [
                .. journey.Script.Expect.Select(e =>
                    $"{e.Day:yyyy-MM-dd} {e.Kind} {e.Person ?? first} {e.Order} {e.Step}".TrimEnd()
                ),
            ],
            [
                .. sent.Where(s => journey.Script.Digests || s.Kind != "digest")
                    .Select(s => $"{s.Day:yyyy-MM-dd} {s.Kind} {s.Person} {s.Order} {s.Step}".TrimEnd())
                    .Distinct(),
            ]
        );
    }

    public async Task<long> CountAsync(string sql)
    {
        await using var command = Get<NpgsqlDataSource>().CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await Databases.DropAsync(connectionString);
    }

    private ServiceProvider Build()
    {
        var loaded = new LoadedSettings(
            settings,
            [],
            null,
            new OrdersPaths("/nowhere/orders.yaml", "/nowhere/orders.d")
        );
        var rooms = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning))
            .AddRooms(loaded, connectionString + ";Maximum Pool Size=8");
        rooms.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
        rooms.RemoveAll<ITrackingProvider>();
        rooms.AddSingleton<ITrackingProvider>(Source);
        rooms.RemoveAll<IMailTransport>();
        rooms.AddSingleton<IMailTransport>(new Keeper(Mails));
        return rooms.BuildServiceProvider();
    }

    private async Task RegisterAsync() =>
        await Get<Registrar>()
            .ApplyAsync(
                new Registration("script", "1", journey.People, journey.Orders),
                Clock.GetUtcNow(),
                CancellationToken.None
            );

    private async Task DoAsync(Act act)
    {
        var words = (act.Command ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Fact fact = words switch
        {
            ["done", _, var step, ..] when Steps.TryParse(step, out var s) => new Fact.StepDone(s),
            ["close", _, var why] => new Fact.Closed(Enum.Parse<ClosedWhy>(why, ignoreCase: true)),
            ["missing", _] => new Fact.Missing(),
            _ => throw new FormatException($"The script does '{act.Command}', which is not known."),
        };
        if (
            !await Get<Registrar>()
                .TellAsync(words[1], fact, FactOrigin.Command, Clock.GetUtcNow(), CancellationToken.None)
        )
            throw new FormatException($"The script speaks of order '{words[1]}', which does not exist.");
    }

    private async Task<DateTimeOffset> NextDueAsync()
    {
        await using var command = Get<NpgsqlDataSource>()
            .CreateCommand(
                """
                select min(at) from (
                    select min(greatest(s.next_poll_at, h.breaker_open_until)) as at from shipments s
                        left join provider_health h on h.provider = s.provider where s.archived_at is null
                    union all select min(next_assessment_at) from orders where archived_at is null
                    union all select min(next_digest_at) from people where archived_at is null
                    union all select min(next_attempt_at) from mails
                    union all select min(written_at) + $1 from notices where mail_id is null and withdrawn_at is null and channel = 'Alert'
                ) due
                """
            );
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = settings.Mail.Settle });
        return await command.ExecuteScalarAsync() is DateTime at
            ? new DateTimeOffset(at, TimeSpan.Zero)
            : DateTimeOffset.MaxValue;
    }

    private sealed class Keeper(List<OutgoingMail> mails) : IMailTransport
    {
        public string Name => "kept in memory";

        public Task<Delivery> SendAsync(OutgoingMail mail, CancellationToken ct)
        {
            mails.Add(mail);
            return Task.FromResult<Delivery>(new Delivery.Accepted("250 kept"));
        }
    }
}
