using TrackWatch.Domain.Advising;

namespace TrackWatch.Domain.Registering.Replying;

/// <summary>A mail that came in, as far as a decision may look at it.</summary>
/// <param name="MessageId">Without brackets; of the bytes where the sender gave none.</param>
/// <param name="From">Bare addresses.</param>
/// <param name="References">The Message-IDs of what it answers, without brackets, the nearest first.</param>
/// <param name="Automatic">Why a machine wrote it; null = a person did.</param>
public sealed record IncomingMail(
    string MessageId,
    IReadOnlyList<string> From,
    string Subject,
    string Body,
    IReadOnlyList<string> References,
    string? Automatic
);

/// <summary>A mail of ours that an answer can refer to.</summary>
/// <param name="Orders">What it told of.</param>
public sealed record SentMail(MailTag Tag, string MessageId, DateTimeOffset ComposedAt, IReadOnlyList<string> Orders);

/// <summary>Somebody whose address the answer comes from.</summary>
/// <param name="Orders">Ids of the orders that are theirs now.</param>
/// <param name="Answered">Those of our mails to them that the answer refers to.</param>
/// <param name="HeardThisHour">How many of their answers were read within the last hour.</param>
public sealed record Correspondent(
    Person Person,
    IReadOnlyList<string> Orders,
    IReadOnlyList<SentMail> Answered,
    int HeardThisHour
);

/// <param name="HourlyLimit">Answers per person.</param>
/// <param name="ValidFor">How long a mail may be answered without a token.</param>
public sealed record ReplyRules(int HourlyLimit, TimeSpan ValidFor);

/// <summary>Who answers which mail.</summary>
/// <param name="Orders">What the answer may be about: one where a token says so.</param>
public abstract record Recognised
{
    private Recognised() { }

    public sealed record As(Person Person, MailTag Mail, IReadOnlyList<string> Orders, bool Expired) : Recognised
    {
        /// <summary>What a mail may do to an order once, for this person.</summary>
        public string OnceKey(string order) => $"{Mail}/{order}/{Person.Id}";
    }

    /// <summary>It is logged, and nobody is told.</summary>
    public sealed record Not(string Why) : Recognised;
}

/// <summary>What is known of an order when an answer to it is weighed.</summary>
/// <param name="Today">The day in the zone of the order's first person.</param>
/// <param name="Asked">The step that the answered mail asked for; null = it asked for none.</param>
/// <param name="UsedUp">The mail has closed something for this person before.</param>
/// <param name="CanUndo">Something was told by a command or a mail.</param>
public sealed record AnsweredOrder(string Id, DateOnly Today, Step? Asked, OrderFacts Facts, bool UsedUp, bool CanUndo);

/// <summary>What becomes of an answer.</summary>
/// <param name="Order">Null = none was meant for sure.</param>
/// <param name="Words">The command as it was written.</param>
public abstract record ReplyVerdict(string? Order, string Words)
{
    /// <param name="Fact">Null = the newest thing told is taken back.</param>
    public sealed record Accept(string Named, string Words, Fact? Fact) : ReplyVerdict(Named, Words);

    /// <summary>It is told in the next digest, and nothing else happens.</summary>
    public sealed record Refuse(string? Order, string Words, ReplyTrouble Why) : ReplyVerdict(Order, Words);
}

/// <summary>Decides about an answer: whose it is, then what it does. Whatever is not certain is not acted on.</summary>
public static class ReplyJudge
{
    public static Recognised Recognise(
        IncomingMail mail,
        IReadOnlyList<Correspondent> people,
        ReplyRules rules,
        ReadOnlySpan<byte> key,
        DateTimeOffset now
    )
    {
        if (mail.Automatic is { } why)
            return new Recognised.Not($"a machine wrote it ({why})");
        if (mail.From.Count != 1)
            return new Recognised.Not("it does not have exactly one sender");
        if (people.Count == 0)
            return new Recognised.Not("its sender is none of the people");
        var token = ReplyWords.TokenIn(mail.Subject);
        foreach (var one in people)
        {
            if ((token is null ? Answering(mail, one, rules, now) : Bearing(token, one, key, now)) is not { } known)
                continue;
            return one.HeardThisHour < rules.HourlyLimit
                ? known
                : new Recognised.Not($"more than {rules.HourlyLimit} answers of {one.Person.Id} within an hour");
        }
        return new Recognised.Not(
            token is null ? "it answers no mail of ours to its sender" : "its token was not made for its sender"
        );
    }

    private static Recognised.As? Bearing(
        ReplyToken token,
        Correspondent one,
        ReadOnlySpan<byte> key,
        DateTimeOffset now
    )
    {
        foreach (var order in one.Orders)
            if (token.IsFor(key, one.Person.Id, order))
                return new Recognised.As(one.Person, token.Mail, [order], token.IsExpired(now));
        return null;
    }

    private static Recognised.As? Answering(IncomingMail mail, Correspondent one, ReplyRules rules, DateTimeOffset now)
    {
        var answered = mail
            .References.Select(id => one.Answered.FirstOrDefault(sent => sent.MessageId == id))
            .FirstOrDefault(sent => sent is not null);
        return answered is null
            ? null
            : new Recognised.As(
                one.Person,
                answered.Tag,
                [.. answered.Orders.Intersect(one.Orders)],
                answered.ComposedAt + rules.ValidFor < now
            );
    }

    /// <param name="names">What the person's orders may be called (id, numbers), and their ids.</param>
    /// <param name="orders">Those that the answer may be about.</param>
    public static ReplyVerdict Decide(
        IncomingMail mail,
        Recognised.As known,
        IReadOnlyDictionary<string, string> names,
        IReadOnlyList<AnsweredOrder> orders,
        ReplyPhrases phrases,
        DateOnly today
    )
    {
        var read = ReplyWords.Read(
            mail.Subject,
            mail.Body,
            names,
            phrases,
            orders is [var first, ..] ? first.Today : today
        );
        var order =
            read.Order is { } named ? orders.FirstOrDefault(o => o.Id == named)
            : orders is [var only] ? only
            : null;
        if (known.Expired)
            return Refuse(ReplyTrouble.Expired);
        if (read.Trouble is { } trouble)
            return Refuse(trouble);
        if (order is null)
            return Refuse(read.Order is null ? ReplyTrouble.WhichOrder : ReplyTrouble.WrongOrder);
        if (order.Today != orders[0].Today)
            // Another of the orders, with days of its own.
            read = ReplyWords.Read(mail.Subject, mail.Body, names, phrases, order.Today);
        var fact = read.Command switch
        {
            ReplyCommand.Tell { Fact: Fact.CustomsHold hold } => hold.Over(order.Facts.CustomsHold),
            ReplyCommand.Tell tell => tell.Fact,
            ReplyCommand.DoneAsAsked done when order.Asked is { } step => new Fact.StepDone(step, done.On),
            ReplyCommand.Mails mails => new Fact.Mails(mails.Wanted, known.Person.Id),
            _ => null,
        };
        if (fact is null)
            return read.Command is not ReplyCommand.Undo ? Refuse(ReplyTrouble.WhichStep)
                : order.CanUndo ? new ReplyVerdict.Accept(order.Id, read.Words, null)
                : Refuse(ReplyTrouble.NothingToUndo);
        return fact.EndsAdvice && order.UsedUp
            ? Refuse(ReplyTrouble.UsedUp)
            : new ReplyVerdict.Accept(order.Id, read.Words, fact);

        ReplyVerdict Refuse(ReplyTrouble why) => new ReplyVerdict.Refuse(order?.Id, read.Words, why);
    }
}
