using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Storage.Tables;

namespace TrackWatch.Worker.Commands;

/// <summary>How far a source's limits and quota go, in words.</summary>
internal static class SourceLimits
{
    /// <summary>Below a fifth of the whole a quota is short.</summary>
    private const int ShortBelow = 5;

    /// <param name="Unit">Plural, in the source's own terms; null = it does not say.</param>
    public sealed record Quota(int Left, int Total, string? Unit, DateTimeOffset At);

    /// <returns>null where nothing was reckoned yet.</returns>
    public static PollBudget? BudgetOf(ProviderHealthRow? health) =>
        health is { BudgetShipments: { } shipments, BudgetNeeded: { } needed }
            ? new PollBudget(
                shipments,
                needed,
                health.BudgetLimit,
                new PollStretch(health.StretchUrgent, health.Stretch)
            )
            : null;

    /// <returns>null where the source told of none.</returns>
    public static Quota? QuotaOf(ProviderHealthRow? health) =>
        health is { QuotaLeft: { } left, QuotaTotal: { } total, QuotaAt: { } at }
            ? new Quota(left, total, health.QuotaUnit, at)
            : null;

    /// <summary>Between two questions about a moving parcel.</summary>
    public static double Hours(TimeSpan moving, double stretch) => (moving * stretch).TotalHours;

    /// <param name="moving">The interval of a moving parcel.</param>
    public static IEnumerable<string> Say(PollBudget? budget, Quota? quota, TimeSpan moving)
    {
        if (budget is { Limit: { } limit, Shipments: > 0 })
            yield return FormattableString.Invariant(
                $"{Sayings.Count(budget.Shipments, "shipment needs", "shipments need")} {budget.Needed:0.#} calls a day, the limit is {limit:0.#}"
            ) + Consequence(budget, moving);
        if (quota is not null)
            yield return $"Quota: {quota.Left} of {Sayings.Count(quota.Total, One(quota.Unit), quota.Unit ?? "units")} left"
                + (
                    quota.Left * ShortBelow <= quota.Total
                        ? "; what is left goes to the parcels that need it most."
                        : "."
                );
    }

    private static string Consequence(PollBudget budget, TimeSpan moving) =>
        budget switch
        {
            { IsShort: true, Stretch.Urgent: > 1 } => FormattableString.Invariant(
                $", so the interval is stretched to {Hours(moving, budget.Stretch.Others):0.#} hours ({Hours(moving, budget.Stretch.Urgent):0.#} for stalled parcels and those with a last day near)."
            ),
            { IsShort: true } => FormattableString.Invariant(
                $", so the interval is stretched to {Hours(moving, budget.Stretch.Others):0.#} hours; stalled parcels and those with a last day near go first."
            ),
            { IsTight: true } => ": more than four fifths of it are used.",
            _ => ".",
        };

    private static string One(string? unit) =>
        unit is null ? "unit"
        : unit.EndsWith('s') ? unit[..^1]
        : unit;
}
