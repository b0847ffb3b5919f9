using Quartz;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Running;

/// <summary>
/// Quartz rings, the database guards. A handful of jobs on a clustered store: each starts a part of the round and holds no
/// work itself, so a bell that rings twice or on another worker does no harm.
/// </summary>
internal static partial class Bells
{
    public const string SchedulerName = "trackwatch";

    /// <summary>How long a ring may go on taking new work; a signal ends it earlier.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(30);

    public static IServiceCollection AddBells(
        this IServiceCollection services,
        TrackWatchSettings settings,
        IReadOnlyList<(string Provider, int Lanes)> sources
    )
    {
        services.AddQuartz(
            SchedulerName,
            quartz =>
            {
                quartz.ConfigureScheduler(s => s.GenerateInstanceId = true);
                quartz.UseDefaultThreadPool(Math.Max(8, sources.Sum(s => s.Lanes) + 6));
                quartz.UsePersistentStore(store =>
                {
                    store.UsePostgres(postgres =>
                    {
                        postgres.UseRegisteredDataSource = true;
                        postgres.DataSourceServiceKey = Database.QuartzKey;
                    });
                    store.ProvisionSchema();
                    store.UseClustering(cluster =>
                    {
                        // The bells of a dead worker ring again after three of these.
                        cluster.CheckinInterval = CheckIn(settings.Polling.Ring);
                        cluster.CheckinMisfireThreshold = CheckIn(settings.Polling.Ring);
                    });
                });
                foreach (var (provider, lanes) in sources)
                    for (var lane = 1; lane <= lanes; lane++)
                        Ring<PollJob>(
                            quartz,
                            $"poll-{provider}-{lane}",
                            settings.Polling.Ring,
                            job => job.UsingJobData(PollJob.ProviderKey, provider)
                        );
                if (settings.Mail.Replies is { Maildir: not null } or { Imap: not null })
                    Ring<HearJob>(quartz, "hear", settings.Polling.Ring);
                Ring<AssessJob>(quartz, "assess", settings.Polling.Ring);
                Ring<PlanMailJob>(quartz, "plan-mail", settings.Polling.Ring);
                Ring<SendMailJob>(quartz, "send-mail", settings.Polling.Ring);
                Ring<HousekeepingJob>(quartz, "housekeeping", TimeSpan.FromSeconds(30));
            }
        );
        return services.AddQuartzHostedService(hosted =>
        {
            hosted.WaitForJobsToComplete = true;
        });
    }

    /// <summary>Bells that ring more often are missed sooner, ones that ring seldom need no quicker look.</summary>
    private static TimeSpan CheckIn(TimeSpan ring) => TimeSpan.FromSeconds(Math.Clamp(ring.TotalSeconds * 1.5, 2, 7.5));

    private static void Ring<T>(
        IQuartzBuilder quartz,
        string name,
        TimeSpan every,
        Action<IJobConfigurator<T>>? more = null
    )
        where T : class, IJob =>
        quartz.ScheduleJob<T>(
            trigger =>
                trigger
                    .WithIdentity(name)
                    .StartNow()
                    .WithSimpleSchedule(schedule =>
                        schedule
                            .WithInterval(every)
                            .RepeatForever()
                            .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithExistingCount)
                    ),
            job =>
            {
                job.WithIdentity(name);
                more?.Invoke(job);
            }
        );

    /// <summary>What goes wrong in one ring is said and left to the next; Quartz need not know.</summary>
    private abstract partial class Bell(ILogger logger) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            var name = context.JobDetail.Key.Name;
            try
            {
                await RingAsync(context, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Stopping; what was claimed has been given back.
            }
            catch (Exception e) when (DatabaseTrouble.InWords(e) is { } why)
            {
                DatabaseAway(logger, name, why);
            }
            catch (Exception surprise)
            {
                Failed(logger, name, surprise);
            }
        }

        protected abstract Task RingAsync(IJobExecutionContext context, CancellationToken ct);

        [LoggerMessage(
            21,
            LogLevel.Warning,
            "{Job}: the database cannot be used now ({Why}); the next ring tries again"
        )]
        private static partial void DatabaseAway(ILogger logger, string job, string why);

        [LoggerMessage(22, LogLevel.Error, "{Job} failed in an unexpected way; the next ring tries again")]
        private static partial void Failed(ILogger logger, string job, Exception surprise);
    }

    [DisallowConcurrentExecution]
    private sealed class PollJob(Round round, IEnumerable<ITrackingProvider> providers, ILogger<PollJob> logger)
        : Bell(logger)
    {
        public const string ProviderKey = "provider";

        protected override async Task RingAsync(IJobExecutionContext context, CancellationToken ct)
        {
            var id = context.MergedJobDataMap.GetString(ProviderKey);
            // A worker with other settings may have left a bell for a source that this one does not have.
            if (providers.FirstOrDefault(p => p.Id == id) is { } provider)
                await round.PollAsync(provider, Drain, ct);
        }
    }

    [DisallowConcurrentExecution]
    private sealed class HearJob(Round round, ILogger<HearJob> logger) : Bell(logger)
    {
        protected override Task RingAsync(IJobExecutionContext context, CancellationToken ct) => round.HearAsync(ct);
    }

    [DisallowConcurrentExecution]
    private sealed class AssessJob(Round round, ILogger<AssessJob> logger) : Bell(logger)
    {
        protected override Task RingAsync(IJobExecutionContext context, CancellationToken ct) => round.AssessAsync(ct);
    }

    [DisallowConcurrentExecution]
    private sealed class PlanMailJob(Round round, ILogger<PlanMailJob> logger) : Bell(logger)
    {
        protected override Task RingAsync(IJobExecutionContext context, CancellationToken ct) => round.PlanAsync(ct);
    }

    [DisallowConcurrentExecution]
    private sealed class SendMailJob(Round round, ILogger<SendMailJob> logger) : Bell(logger)
    {
        protected override Task RingAsync(IJobExecutionContext context, CancellationToken ct) => round.SendAsync(ct);
    }

    [DisallowConcurrentExecution]
    private sealed class HousekeepingJob(Housekeeping housekeeping, ILogger<HousekeepingJob> logger) : Bell(logger)
    {
        protected override Task RingAsync(IJobExecutionContext context, CancellationToken ct) =>
            housekeeping.LookAsync(ct);
    }
}
