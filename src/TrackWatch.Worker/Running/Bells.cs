using Quartz;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Running;

/// <summary>
/// Quartz rings, the database guards. A handful of jobs on a clustered store: each starts a part of the round and holds no
/// work itself, so a bell that rings twice or on another worker does no harm.
/// </summary>
internal static class Bells
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
                quartz.UseDefaultThreadPool(Math.Max(8, sources.Sum(s => s.Lanes) + 5));
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
                        cluster.CheckinInterval = TimeSpan.FromSeconds(7.5);
                        cluster.CheckinMisfireThreshold = TimeSpan.FromSeconds(7.5);
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

    [DisallowConcurrentExecution]
    private sealed class PollJob(Round round, IEnumerable<ITrackingProvider> providers) : IJob
    {
        public const string ProviderKey = "provider";

        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            var id = context.MergedJobDataMap.GetString(ProviderKey);
            // A worker with other settings may have left a bell for a source that this one does not have.
            if (providers.FirstOrDefault(p => p.Id == id) is { } provider)
                await round.PollAsync(provider, Drain, cancellationToken);
        }
    }

    [DisallowConcurrentExecution]
    private sealed class AssessJob(Round round) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
            await round.AssessAsync(cancellationToken);
    }

    [DisallowConcurrentExecution]
    private sealed class PlanMailJob(Round round) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
            await round.PlanAsync(cancellationToken);
    }

    [DisallowConcurrentExecution]
    private sealed class SendMailJob(Round round) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
            await round.SendAsync(cancellationToken);
    }

    [DisallowConcurrentExecution]
    private sealed class HousekeepingJob(Housekeeping housekeeping) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
            await housekeeping.LookAsync(cancellationToken);
    }
}
