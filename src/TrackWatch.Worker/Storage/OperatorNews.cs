namespace TrackWatch.Worker.Storage;

/// <summary>One piece of news about TrackWatch itself.</summary>
internal abstract record OperatorNews
{
    private OperatorNews() { }

    internal sealed record SourceSilent(string Provider, DateTimeOffset? LastSuccess, string Detail, int Shipments)
        : OperatorNews;

    internal sealed record SourceBack(string Provider, DateTimeOffset SilentSince) : OperatorNews;

    internal sealed record MailRefused(string Person, string Subject, string Reply) : OperatorNews;

    /// <summary>One of several addresses of a person; the others have the mail, or may get it yet.</summary>
    internal sealed record AddressRefused(string Person, string Address, string Subject, string Reply) : OperatorNews;

    /// <param name="Problems">As <c>check</c> prints them, the first twenty.</param>
    internal sealed record ReloadFailed(string File, IReadOnlyList<string> Problems) : OperatorNews;

    /// <summary>Rule packs of the folder that are not used.</summary>
    /// <param name="Problems">As <c>check</c> prints them, the first twenty.</param>
    internal sealed record RulesRefused(string Folder, IReadOnlyList<string> Problems) : OperatorNews;

    /// <param name="Day">In UTC.</param>
    internal sealed record MailsHeld(DateOnly Day, int Cap) : OperatorNews;

    internal sealed record OrderGone(string Order, DateOnly LastDay) : OperatorNews;

    /// <summary>A mail came back because nobody has this address (any more): nothing is sent there until it is mended.</summary>
    /// <param name="WorkingLeft">The person has another address that works.</param>
    internal sealed record AddressDead(string Person, string Address, string Subject, string Reply, bool WorkingLeft)
        : OperatorNews;

    /// <summary>A mail came back for another reason; its address stays in use.</summary>
    internal sealed record MailBounced(string Person, string Address, string Subject, string Reply) : OperatorNews;
}
