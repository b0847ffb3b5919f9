using System.Text.RegularExpressions;

namespace TrackWatch.Domain.Registering.Replying;

/// <summary>What a delivery report (RFC 3464) says of one recipient.</summary>
/// <param name="Action">failed | delayed | delivered | relayed | expanded.</param>
/// <param name="Status">RFC 3463: <c>5.1.1</c>.</param>
/// <param name="Diagnostic">The far server's words.</param>
public sealed record DeliveryFate(string Recipient, string? Original, string Action, string Status, string Diagnostic);

public enum BounceVerdict
{
    /// <summary>Nobody reads mail at this address, and none will tomorrow.</summary>
    AddressIsDead,

    /// <summary>This mail did not arrive; another may. The operator should know.</summary>
    MailFailed,

    /// <summary>Still under way, or arrived.</summary>
    Nothing,
}

public static partial class Bounces
{
    public static BounceVerdict Judge(DeliveryFate fate)
    {
        if (!fate.Action.Equals("failed", StringComparison.OrdinalIgnoreCase))
            return BounceVerdict.Nothing;
        var status = fate.Status.Split(' ', 2)[0].Split('.');
        if (status is not ["5", var subject, var detail])
            return BounceVerdict.MailFailed;
        return (subject, detail) switch
        {
            // Of the addresses (5.1.x) 7 and 8 mean the sender's.
            ("1", "7" or "8") => BounceVerdict.MailFailed,
            ("1", _) or ("2", "1") => BounceVerdict.AddressIsDead,
            // Older servers say no more than 550, and the reason in words.
            ("0", _) when UnknownUser().IsMatch(fate.Diagnostic) => BounceVerdict.AddressIsDead,
            _ => BounceVerdict.MailFailed,
        };
    }

    [GeneratedRegex(
        @"\b55[03]\b.*(?:(?:user|recipient|mailbox|address|account)s? (?:is )?(?:unknown|not found|does not exist|doesn't exist|invalid|disabled)|(?:unknown|no such|invalid|nonexistent) (?:local )?(?:user|recipient|mailbox|address|account)|not a valid (?:user|recipient|mailbox))",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline
    )]
    private static partial Regex UnknownUser();
}
