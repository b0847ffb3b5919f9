namespace TrackWatch.Domain.Advising;

/// <summary>The seven steps of the escalation ladder, in order.</summary>
public enum Step
{
    CheckNumber = 1,
    ContactSeller,
    CheckCustoms,
    KnowRefundRules,
    OpenDispute,
    Chargeback,
    ConsumerBody,
}

/// <summary>The steps' ids, as files, commands and mails write them.</summary>
public static class Steps
{
    public static readonly IReadOnlyList<Step> All = Enum.GetValues<Step>();

    public static string Id(this Step step) =>
        step switch
        {
            Step.CheckNumber => "check-number",
            Step.ContactSeller => "contact-seller",
            Step.CheckCustoms => "check-customs",
            Step.KnowRefundRules => "know-refund-rules",
            Step.OpenDispute => "open-dispute",
            Step.Chargeback => "chargeback",
            Step.ConsumerBody => "consumer-body",
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, "no such step"),
        };

    /// <summary>Reads a step's id; case does not matter, and blanks or underscores do for hyphens.</summary>
    public static bool TryParse(string? text, out Step step)
    {
        var id = (text ?? "").Trim().Replace('_', '-').Replace(' ', '-');
        step = All.FirstOrDefault(s => s.Id().Equals(id, StringComparison.OrdinalIgnoreCase));
        return step != default;
    }
}
