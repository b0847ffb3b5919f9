namespace TrackWatch.Worker.Notifying.Transports;

/// <summary>Carries a mail that is already composed. It changes no byte of it.</summary>
internal interface IMailTransport
{
    /// <summary>What a person reads in a log: <c>folder ./mail</c>, <c>smtp.example.org:587</c>. Never a password.</summary>
    string Name { get; }

    /// <summary>
    /// One attempt. Every refusal and every network trouble comes back as a value; only the caller's own cancellation throws.
    /// </summary>
    Task<Delivery> SendAsync(OutgoingMail mail, CancellationToken ct);
}

/// <param name="MessageId">Without angle brackets; the same for every attempt.</param>
/// <param name="From">The envelope's sender, a bare address.</param>
/// <param name="To">The envelope's recipients, bare addresses.</param>
/// <param name="Bytes">The whole RFC 5322 message with CRLF line ends, headers included.</param>
internal sealed record OutgoingMail(string MessageId, string From, IReadOnlyList<string> To, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>For people only: the name of a file.</summary>
    public string Subject { get; init; } = "";
}

/// <summary>A recipient for whom the mail was not taken, whatever became of it for the others.</summary>
/// <param name="ForGood">False = the same mail goes to this one again.</param>
internal sealed record Refusal(string To, string Reply, bool ForGood);

/// <summary>How one attempt ended.</summary>
/// <param name="Reply">The server's own last words, or what went wrong and what to do, on one line.</param>
internal abstract record Delivery(string Reply)
{
    /// <summary>Those with a fate of their own; whoever is not among them shares the mail's.</summary>
    public IReadOnlyList<Refusal> Refused { get; init; } = [];

    /// <summary>To whom the same mail must go again.</summary>
    public IReadOnlyList<string> Remaining(IReadOnlyList<string> to) =>
        this switch
        {
            Accepted => [.. Refused.Where(r => !r.ForGood).Select(r => r.To)],
            RefusedForNow => [.. to.Except(Refused.Where(r => r.ForGood).Select(r => r.To))],
            _ => [],
        };

    /// <summary>The server took responsibility for the mail, for one recipient at least.</summary>
    internal sealed record Accepted(string Reply) : Delivery(Reply);

    /// <summary>Trying the same mail again cannot help (5xx to this recipient or this content).</summary>
    internal sealed record RefusedForGood(string Reply) : Delivery(Reply);

    /// <summary>Trying again can help (4xx, network, time-out), or a person must mend the set-up first (refused password, bad certificate).</summary>
    internal sealed record RefusedForNow(string Reply) : Delivery(Reply);
}
