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
using TrackWatch.Worker.Commands.Simulating;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Configuration.Yaml;
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
    string Subject,
    string? Reason = null
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

    private readonly JourneyScript journey;
    private readonly string connectionString;
    private readonly TrackWatchSettings settings;
    private ServiceProvider services;
    private int readings;

    private World(JourneyScript journey, string connectionString, TrackWatchSettings settings)
    {
        this.journey = journey;
        this.connectionString = connectionString;
        this.settings = settings;
        Clock = new VirtualClock(journey.From);
        Sources = [.. journey.Providers.Select(id => new ScriptedSource(id, journey, Clock))];
        services = Build();
    }

    public VirtualClock Clock { get; }
    public IReadOnlyList<ScriptedSource> Sources { get; }
    public string ConnectionString => connectionString;
    public List<OutgoingMail> Mails { get; } = [];
    public int Rounds { get; private set; }

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public TrackWatchSettings Settings => settings;

    public static async Task<World> OpenAsync(string yaml, Func<TrackWatchSettings, TrackWatchSettings>? change = null)
    {
        var settings = new TrackWatchSettings { Mail = new MailSettings { Settle = TimeSpan.FromMinutes(10) } };
        return new World(Scripts.Read(yaml), await Databases.CreateAsync(), change?.Invoke(settings) ?? settings);
    }

    /// <summary>Lets the script run from its first to its last day.</summary>
    public async Task<World> RunAsync(Func<World, Task>? each = null)
    {
        var acts = new Queue<ScriptAct>(journey.Acts);
        await RegisterAsync(journey.Orders);
        while (Clock.GetUtcNow() < journey.Until)
        {
            while (acts.TryPeek(out var act) && act.At <= Clock.GetUtcNow())
                await DoAsync(acts.Dequeue());
            await Get<Round>().RunRoundAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
            Rounds++;
            if (each is not null)
                await each(this);
            var next = await NextDueAsync();
            if (acts.TryPeek(out var coming) && coming.At < next)
                next = coming.At;
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
                    r.Subject,
                    draft is null ? null : ValueForms.Word(draft.Reason.Code)
                );
            }),
        ];
    }

    /// <summary>What the script expects and what was sent, in the same words.</summary>
    public async Task<(IReadOnlyList<string> Expected, IReadOnlyList<string> Sent)> CompareAsync()
    {
        var sent = await SentAsync();
        var reasons = journey.Expected?.Any(e => e.Reason is not null) == true;
        return (
            [.. (journey.Expected ?? []).Select(e => e.ToString())],
            [
                .. sent.Where(s => journey.Digests || s.Kind != "digest")
                    .Select(s =>
                        new MailLine(s.Day, s.Kind, s.Person, s.Order, s.Step, reasons ? s.Reason : null).ToString()
                    )
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
        foreach (var source in Sources)
            rooms.AddSingleton<ITrackingProvider>(source);
        rooms.RemoveAll<IMailTransport>();
        rooms.AddSingleton<IMailTransport>(new Keeper(Mails));
        return rooms.BuildServiceProvider();
    }

    private async Task RegisterAsync(IReadOnlyList<OrderInFile> orders) =>
        await Get<Registrar>()
            .ApplyAsync(
                new Registration("script", $"{readings++}", journey.People, orders),
                Clock.GetUtcNow(),
                CancellationToken.None
            );

    private async Task DoAsync(ScriptAct act)
    {
        var now = Clock.GetUtcNow();
        var done = act switch
        {
            ScriptAct.Told told => await Get<Registrar>()
                .TellAsync(told.Order, told.Fact, FactOrigin.Command, now, CancellationToken.None),
            ScriptAct.Undone undone => await Get<Registrar>().UndoAsync(undone.Order, now, CancellationToken.None)
                is not null,
            _ => true,
        };
        if (act is ScriptAct.Filed filed)
            await RegisterAsync(filed.Orders);
        if (!done)
            throw new FormatException($"Nothing came of what the script does at {act.At:u}.");
    }

    private async Task<DateTimeOffset> NextDueAsync()
    {
        await using var command = Get<NpgsqlDataSource>()
            .CreateCommand(
                """
                select min(at) from (
                    select min(greatest(s.next_poll_at, h.breaker_open_until)) as at from shipment_sources s
                        left join provider_health h on h.provider = s.provider
                    union all select min(next_assessment_at) from orders where archived_at is null
                    union all select min(silent_since) + $2 from provider_health where outage_told_at is null
                    union all select min(next_digest_at) from people where archived_at is null
                    union all select min(next_attempt_at) from mails
                    union all select min(case when written_at + $1 > $3 then written_at + $1 else $3 + interval '1 hour' end) from notices where mail_id is null and withdrawn_at is null and channel = 'Alert'
                ) due
                """
            );
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = settings.Mail.Settle });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = settings.Polling.OutageAfter });
        // What has settled and waits all the same is held by something else: it is looked at from time to time.
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = Clock.GetUtcNow() });
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
