using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using TrackWatch.Worker.Storage.Tables;

namespace TrackWatch.Worker.Storage;

/// <summary>The model of all tables but Quartz's own. Names are snake_case, enums are words, instants are UTC.</summary>
internal sealed class TrackWatchDb(DbContextOptions<TrackWatchDb> options) : DbContext(options)
{
    public DbSet<PersonRow> People => Set<PersonRow>();
    public DbSet<OrderRow> Orders => Set<OrderRow>();
    public DbSet<OrderPersonRow> OrderPeople => Set<OrderPersonRow>();
    public DbSet<OrderShipmentRow> OrderShipments => Set<OrderShipmentRow>();
    public DbSet<FactRow> Facts => Set<FactRow>();
    public DbSet<ReplyRow> Replies => Set<ReplyRow>();
    public DbSet<RefusedAddressRow> RefusedAddresses => Set<RefusedAddressRow>();
    public DbSet<SecretRow> Secrets => Set<SecretRow>();
    public DbSet<RegistrationRow> Registrations => Set<RegistrationRow>();
    public DbSet<ShipmentRow> Shipments => Set<ShipmentRow>();
    public DbSet<ShipmentSourceRow> ShipmentSources => Set<ShipmentSourceRow>();
    public DbSet<TrackingEventRow> TrackingEvents => Set<TrackingEventRow>();
    public DbSet<EventTextRow> EventTexts => Set<EventTextRow>();
    public DbSet<AnomalyRow> Anomalies => Set<AnomalyRow>();
    public DbSet<PayloadRow> Payloads => Set<PayloadRow>();
    public DbSet<PollRow> Polls => Set<PollRow>();
    public DbSet<ProviderHealthRow> ProviderHealth => Set<ProviderHealthRow>();
    public DbSet<LearnedLaneRow> LearnedLanes => Set<LearnedLaneRow>();
    public DbSet<StallRow> Stalls => Set<StallRow>();
    public DbSet<DeadlineRow> Deadlines => Set<DeadlineRow>();
    public DbSet<CaseRow> Cases => Set<CaseRow>();
    public DbSet<CaseStepRow> CaseSteps => Set<CaseStepRow>();
    public DbSet<NoticeRow> Notices => Set<NoticeRow>();
    public DbSet<MailRow> Mails => Set<MailRow>();
    public DbSet<CalendarEventRow> CalendarEvents => Set<CalendarEventRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        foreach (var type in EnumTypes)
            conventions.Properties(type).HaveConversion<string>();
    }

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<PersonRow>(person =>
        {
            Json(person.Property(p => p.Profile));
            person.HasIndex(p => p.NextDigestAt);
        });
        model.Entity<OrderRow>(order =>
        {
            Json(order.Property(o => o.Definition));
            order.HasIndex(o => o.NextAssessmentAt).HasFilter("next_assessment_at is not null");
        });
        model.Entity<OrderPersonRow>(link =>
        {
            link.HasKey(l => new { l.OrderId, l.PersonId });
            link.HasIndex(l => l.PersonId);
            link.HasOne<OrderRow>().WithMany().HasForeignKey(l => l.OrderId);
            link.HasOne<PersonRow>().WithMany().HasForeignKey(l => l.PersonId);
        });
        model.Entity<OrderShipmentRow>(link =>
        {
            link.HasKey(l => new { l.OrderId, l.ShipmentId });
            link.HasIndex(l => l.ShipmentId);
            link.HasOne<OrderRow>().WithMany().HasForeignKey(l => l.OrderId);
            link.HasOne<ShipmentRow>().WithMany().HasForeignKey(l => l.ShipmentId);
        });
        model.Entity<FactRow>(fact =>
        {
            Json(fact.Property(f => f.Value));
            fact.HasIndex(f => new { f.OrderId, f.Key });
            fact.HasOne<OrderRow>().WithMany().HasForeignKey(f => f.OrderId);
        });
        model.Entity<ReplyRow>(reply =>
        {
            reply.HasIndex(r => r.MessageId).IsUnique();
            reply.HasIndex(r => r.Once).IsUnique().HasFilter("once is not null");
            reply.HasIndex(r => new { r.PersonId, r.ReceivedAt });
            reply.HasIndex(r => r.PersonId, "ix_replies_untold").HasFilter("told_in is null");
            reply.HasOne<FactRow>().WithMany().HasForeignKey(r => r.FactId);
            reply.HasOne<PersonRow>().WithMany().HasForeignKey(r => r.PersonId);
            reply.HasOne<MailRow>().WithMany().HasForeignKey(r => r.ToldIn);
        });
        model.Entity<RefusedAddressRow>(refused =>
        {
            refused.HasKey(r => r.Address);
            refused.HasOne<MailRow>().WithMany().HasForeignKey(r => r.MailId);
        });
        model.Entity<SecretRow>(secret => secret.HasKey(s => s.Name));
        model.Entity<RegistrationRow>(registration => registration.HasIndex(r => new { r.Source, r.At }));

        model.Entity<ShipmentRow>(shipment =>
        {
            Json(shipment.Property(s => s.Summary));
            shipment.Property(s => s.LegsLearned).HasDefaultValue(0);
            shipment.HasIndex(s => s.Number).IsUnique();
            shipment.HasIndex(s => s.Id, "ix_shipments_to_plan").HasFilter("plan is null and archived_at is null");
            shipment.HasMany(s => s.Sources).WithOne().HasForeignKey(s => s.ShipmentId);
            shipment.Navigation(s => s.Sources).AutoInclude(false);
        });
        model.Entity<ShipmentSourceRow>(asked =>
        {
            asked.HasKey(s => new
            {
                s.ShipmentId,
                s.Provider,
                s.Number,
            });
            Json(asked.Property(s => s.Summary));
            asked.HasIndex(s => new { s.Provider, s.NextPollAt }).HasFilter("next_poll_at is not null");
            asked
                .HasIndex(s => new { s.Provider, s.NextPollAt }, "ix_shipment_sources_urgent")
                .HasFilter("next_poll_at is not null and urgent");
        });
        model.Entity<TrackingEventRow>(e =>
        {
            e.Property(x => x.Wall).HasColumnType("timestamp without time zone");
            e.Property(x => x.Raw).HasColumnType("jsonb");
            e.HasIndex(x => new { x.ShipmentId, x.Fingerprint }).IsUnique();
            e.HasIndex(x => new { x.Provider, x.Code }, "ix_tracking_events_unknown").HasFilter("status = 'Unknown'");
            e.HasOne<ShipmentRow>().WithMany().HasForeignKey(x => x.ShipmentId);
        });
        model.Entity<EventTextRow>(text =>
        {
            text.HasKey(t => new { t.EventId, t.Hash });
            text.HasOne<TrackingEventRow>().WithMany().HasForeignKey(t => t.EventId);
        });
        model.Entity<AnomalyRow>(anomaly =>
            anomaly
                .HasIndex(a => new
                {
                    a.ShipmentId,
                    a.EventId,
                    a.Kind,
                })
                .IsUnique()
                .AreNullsDistinct(false)
        );
        model.Entity<PayloadRow>(payload => payload.HasIndex(p => new { p.ShipmentId, p.FetchedAt }));
        model.Entity<PollRow>(poll =>
        {
            poll.HasIndex(p => new { p.ShipmentId, p.At });
            // Retention walks the log by age; rows are written in that order, so block ranges are enough.
            poll.HasIndex(p => p.At).HasMethod("brin");
        });
        model.Entity<ProviderHealthRow>(health =>
        {
            health.HasKey(h => h.Provider);
            health.Property(h => h.Stretch).HasDefaultValue(1.0);
            health.Property(h => h.StretchUrgent).HasDefaultValue(1.0);
        });

        model.Entity<LearnedLaneRow>(lane =>
            lane.HasKey(l => new
            {
                l.Origin,
                l.Destination,
                l.Service,
                l.Leg,
                l.Days,
            })
        );

        model.Entity<StallRow>(stall =>
        {
            stall.HasIndex(s => new { s.OrderId, s.ShipmentId }).IsUnique().HasFilter("closed_at is null");
            stall.HasOne<OrderRow>().WithMany().HasForeignKey(s => s.OrderId);
            stall.HasOne<ShipmentRow>().WithMany().HasForeignKey(s => s.ShipmentId);
        });
        model.Entity<DeadlineRow>(deadline => deadline.HasKey(d => new { d.OrderId, d.Name }));
        model.Entity<CaseRow>(c =>
        {
            c.Property(x => x.Id).ValueGeneratedNever();
            c.HasIndex(x => x.OrderId).IsUnique().HasFilter("closed_at is null");
            c.HasOne<OrderRow>().WithMany().HasForeignKey(x => x.OrderId);
        });
        model.Entity<CaseStepRow>(step =>
        {
            Json(step.Property(s => s.Why));
            step.HasKey(s => new { s.CaseId, s.Step });
            step.HasOne<CaseRow>().WithMany().HasForeignKey(s => s.CaseId);
        });
        model.Entity<NoticeRow>(notice =>
        {
            notice.Property(n => n.Content).HasColumnType("jsonb");
            notice.HasIndex(n => n.DedupKey).IsUnique();
            notice
                .HasIndex(n => n.PersonId, "ix_notices_waiting")
                .HasFilter("mail_id is null and withdrawn_at is null");
            notice.HasIndex(n => n.OrderId);
            notice.HasOne<MailRow>().WithMany().HasForeignKey(n => n.MailId);
        });
        model.Entity<MailRow>(mail =>
        {
            mail.Property(m => m.Id).ValueGeneratedNever();
            mail.HasIndex(m => m.MessageId).IsUnique();
            mail.HasIndex(m => m.NextAttemptAt).HasFilter("next_attempt_at is not null");
            mail.HasIndex(m => new { m.PersonId, m.ComposedAt });
            mail.HasIndex(m => new
                {
                    m.PersonId,
                    m.Thread,
                    m.ComposedAt,
                })
                .HasFilter("thread is not null");
            // How many went today is asked in every round; rows are written in that order.
            mail.HasIndex(m => m.ComposedAt).HasMethod("brin");
        });
        model.Entity<CalendarEventRow>(given =>
            given.HasKey(e => new
            {
                e.PersonId,
                e.OrderId,
                e.Name,
            })
        );

        UseSnakeCase(model);
    }

    private static readonly Type[] EnumTypes =
    [
        typeof(Domain.Polling.ParcelStatus),
        typeof(Domain.Polling.Leg),
        typeof(Domain.Polling.TimeQuality),
        typeof(Domain.Polling.EventWeight),
        typeof(Domain.Polling.PollOutcomeKind),
        typeof(Domain.Assessing.StallLevel),
        typeof(Domain.Advising.Step),
        typeof(Domain.Advising.StepState),
        typeof(Domain.Advising.CaseEnd),
        typeof(Domain.Notifying.NoticeKind),
        typeof(Domain.Rules.DayRole),
        typeof(Domain.Notifying.Channel),
        typeof(Domain.Registering.FactOrigin),
        typeof(Domain.Registering.Replying.ReplyTrouble),
        typeof(Domain.Registering.ShippingService),
    ];

    private static void Json<T>(PropertyBuilder<T> property) =>
        property
            .HasColumnType("jsonb")
            .HasConversion(value => DomainJson.Write(value), json => DomainJson.Read<T>(json));

    /// <summary>The naming package that does this does not follow EF 10.</summary>
    private static void UseSnakeCase(ModelBuilder model)
    {
        foreach (var entity in model.Model.GetEntityTypes())
        {
            var table = Snake(entity.GetTableName()!);
            entity.SetTableName(table);
            var id = StoreObjectIdentifier.Table(table, entity.GetSchema());
            foreach (var property in entity.GetProperties())
                property.SetColumnName(Snake(property.GetColumnName(id) ?? property.Name));
            foreach (var key in entity.GetKeys())
                key.SetName($"pk_{table}");
            foreach (var foreign in entity.GetForeignKeys())
                foreign.SetConstraintName(
                    $"fk_{table}_{string.Join('_', foreign.Properties.Select(p => Snake(p.Name)))}"
                );
            foreach (var index in entity.GetIndexes())
                index.SetDatabaseName(
                    index.Name ?? $"ix_{table}_{string.Join('_', index.Properties.Select(p => Snake(p.Name)))}"
                );
        }
    }

    private static string Snake(string name) =>
        string.Concat(
            name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString())
        );
}
