using System.Globalization;
using System.Text.RegularExpressions;
using TrackWatch.Domain.Advising;

namespace TrackWatch.Domain.Registering.Replying;

/// <summary>What an answer asks for.</summary>
public abstract record ReplyCommand
{
    private ReplyCommand() { }

    public sealed record Tell(Fact Fact) : ReplyCommand;

    /// <summary>The step that the mail asked for is done.</summary>
    public sealed record DoneAsAsked(DateOnly? On = null) : ReplyCommand;

    /// <summary>Mails of this order go to the one who answers, or do not any more.</summary>
    public sealed record Mails(bool Wanted) : ReplyCommand;

    public sealed record Undo : ReplyCommand;
}

/// <summary>Why an answer was not understood.</summary>
public enum ReplyTrouble
{
    /// <summary>There are no words of one's own in it.</summary>
    Empty,

    /// <summary>The words are no command.</summary>
    Unknown,

    /// <summary>It says two different things.</summary>
    TwoCommands,

    /// <summary>It names several orders, or one that the mail was not about.</summary>
    WrongOrder,

    /// <summary>It names no order, and the mail was about several.</summary>
    WhichOrder,

    /// <summary>"done", and the mail asked for no step.</summary>
    WhichStep,

    /// <summary>Its link, or the mail that it answers, is too old.</summary>
    Expired,

    /// <summary>The mail has closed something before.</summary>
    UsedUp,

    /// <summary>Nothing is there to take back.</summary>
    NothingToUndo,
}

/// <summary>A language's own words for the commands: what people say, and what it means in the words of <c>tell</c>.</summary>
public sealed class ReplyPhrases
{
    /// <summary>The keys of a language file's <c>replies.words</c>, with what each means.</summary>
    public static readonly IReadOnlyDictionary<string, string> Meanings = new Dictionary<string, string>
    {
        ["done"] = "done",
        ["snooze"] = "snooze",
        ["received"] = "received",
        ["missing"] = "missing",
        ["refunded"] = "refunded",
        ["lost"] = "lost",
        ["cancelled"] = "cancelled",
        ["dispute-opened"] = "dispute opened",
        ["dispute-granted"] = "dispute granted",
        ["dispute-partial"] = "dispute partial",
        ["dispute-refused"] = "dispute refused",
        ["refund-approved"] = "refund approved",
        ["refund-received"] = "refund received",
        ["hold-until"] = "customs hold-until",
        ["protection"] = "protection",
        ["stop"] = "stop",
        ["resume"] = "resume",
        ["undo"] = "undo",
        ["today"] = "today",
        ["yesterday"] = "yesterday",
        ["days"] = "days",
        ["weeks"] = "weeks",
        // Said out of courtesy, or around the command: means nothing.
        ["polite"] = "",
    };

    public static readonly ReplyPhrases None = new([]);

    private readonly IReadOnlyList<(string[] Said, string[] Meant)> phrases;

    /// <param name="lists">By the keys of <see cref="Meanings"/>, each a list with commas; of equal words the earlier list counts.</param>
    public ReplyPhrases(IEnumerable<(string Key, string Words)> lists) =>
        phrases = [
            .. lists
                .SelectMany(list =>
                    list.Words.Split([',', '،', '、'], StringSplitOptions.RemoveEmptyEntries)
                        .Select(said =>
                            (
                                Said: ReplyWords.Split(said).ToArray(),
                                Meant: Meanings[list.Key].Split(' ', StringSplitOptions.RemoveEmptyEntries)
                            )
                        )
                )
                .Where(p => p.Said.Length > 0)
                .OrderByDescending(p => p.Said.Length),
        ];

    /// <summary>The words with what they mean in place of what was said: the longest phrase counts. Others stay as written.</summary>
    internal List<string> Translate(IReadOnlyList<string> written)
    {
        var meant = new List<string>();
        var words = written.Select(ReplyText.Fold).ToList();
        for (var i = 0; i < words.Count; )
        {
            var at = i;
            var found = phrases.FirstOrDefault(p =>
                p.Said.Length <= words.Count - at && p.Said.Index().All(s => s.Item == words[at + s.Index])
            );
            if (found.Said is null)
                meant.Add(written[i++]);
            else
            {
                meant.AddRange(found.Meant);
                i += found.Said.Length;
            }
        }
        return meant;
    }
}

/// <summary>What was read out of an answer.</summary>
/// <param name="Words">What was taken for the command, as it was written.</param>
/// <param name="Order">The order that the words name; null = they name none.</param>
public sealed record ReplyReading(string Words, string? Order, ReplyCommand? Command, ReplyTrouble? Trouble);

/// <summary>
/// Reads a command out of an answer: the words of <c>done</c>, <c>snooze</c> and <c>tell</c>, in English or in the reader's
/// language, whatever the case, the accents and the courtesies around them. Nothing is guessed: what has no place refuses all.
/// </summary>
public static partial class ReplyWords
{
    public const int LongestWords = 200;
    private const int MostWords = 24;

    /// <param name="orders">What an order may be called (id, numbers), and its id.</param>
    /// <param name="today">The day in the zone of the order's first person.</param>
    public static ReplyReading Read(
        string subject,
        string body,
        IReadOnlyDictionary<string, string> orders,
        ReplyPhrases phrases,
        DateOnly today
    )
    {
        var readings = Candidates(subject, body)
            .Select(line => ReadLine(line, orders, phrases, today))
            .OfType<ReplyReading>()
            .ToList();
        if (readings is not [var first, ..])
            return new ReplyReading("", null, null, ReplyTrouble.Empty);
        // Prose may follow a command; another command may not.
        return first.Command is not null && readings.Exists(r => r.Command is { } other && other != first.Command)
            ? first with
            {
                Command = null,
                Trouble = ReplyTrouble.TwoCommands,
            }
            : first;
    }

    /// <summary>The token in a subject: <c>received usb-hub [01…]</c>; null = there is none.</summary>
    public static ReplyToken? TokenIn(string subject) =>
        Bracketed()
            .Matches(subject)
            .Select(m => ReplyToken.TryParse(m.Groups[1].Value, out var token) ? token : null)
            .FirstOrDefault(token => token is not null);

    /// <summary>A subject is a command only where a link of ours wrote it; else it is the subject of the mail that is answered.</summary>
    private static IEnumerable<string> Candidates(string subject, string body)
    {
        if (TokenIn(subject) is not null)
            yield return Bracketed().Replace(ReplyText.WithoutPrefixes(subject), " ");
        foreach (var line in ReplyText.OwnLines(body))
            yield return line;
    }

    /// <returns>Null where the line holds courtesies alone.</returns>
    private static ReplyReading? ReadLine(
        string line,
        IReadOnlyDictionary<string, string> orders,
        ReplyPhrases phrases,
        DateOnly today
    )
    {
        var said = line.Trim();
        if (said.Length > LongestWords)
            return new ReplyReading(said[..LongestWords], null, null, ReplyTrouble.Unknown);
        var named = new List<string>();
        var words = new List<string>();
        foreach (var word in Raw(said))
            // The first word is the command, even where somebody called an order "done".
            if (words.Count > 0 && orders.TryGetValue(word, out var order))
                named.Add(order);
            else
                words.Add(word);
        var meant = phrases.Translate(words);
        if (meant.Count == 0)
            return null;
        if (named.Distinct().Skip(1).Any())
            return new ReplyReading(said, null, null, ReplyTrouble.WrongOrder);
        var command =
            meant.Count <= MostWords && !said.AsSpan().ContainsAny('?', '؟', '？') ? Command(meant, today) : null;
        return new ReplyReading(said, named.FirstOrDefault(), command, command is null ? ReplyTrouble.Unknown : null);
    }

    private static ReplyCommand? Command(List<string> words, DateOnly today)
    {
        // "5 gün ertele": some languages put the verb last.
        if (words is [.. var before, "snooze"] && before.Count > 0)
            words = ["snooze", .. before];
        var rest = words[1..];
        switch (ReplyText.Fold(words[0]))
        {
            case "done":
                return Done(rest, today);
            case "snooze":
                return FactWords.TryParseSnooze(Span(rest), today, out var until, out _)
                    ? new ReplyCommand.Tell(new Fact.Snoozed(until))
                    : null;
            case "undo":
                return rest.Count == 0 ? new ReplyCommand.Undo() : null;
            case "stop":
                return rest.Count == 0 ? new ReplyCommand.Mails(false) : null;
            case "resume":
                return rest.Count == 0 ? new ReplyCommand.Mails(true) : null;
            case "close":
                words = rest;
                break;
            case "hold-until":
                words = ["customs", .. words];
                break;
            case "mails" or "tell":
                return null;
        }
        return FactWords.TryParse(words, today, out var fact, out _) ? new ReplyCommand.Tell(fact) : null;
    }

    private static ReplyCommand? Done(List<string> rest, DateOnly today)
    {
        DateOnly? on = null;
        if (rest is [.., var last] && FactWords.TryParseDay(last, today, out var day))
        {
            if (day > today)
                return null;
            (on, rest) = (day, rest[..^1]);
        }
        if (rest.Count == 0)
            return new ReplyCommand.DoneAsAsked(on);
        return Steps.TryParse(string.Join('-', rest), out var step)
            ? new ReplyCommand.Tell(new Fact.StepDone(step, on))
            : null;
    }

    /// <summary><c>5d</c>, <c>5 d</c>, <c>for 5 days</c>, <c>2 weeks</c>, <c>until 2026-12-01</c>.</summary>
    private static string Span(List<string> words)
    {
        words = [.. words.Select(ReplyText.Fold)];
        if (words is ["for" or "until", .. var rest])
            words = rest;
        return words switch
        {
            [var number, "d" or "day" or "days"] => $"{number}d",
            [var number, "w" or "week" or "weeks"] => $"{number}w",
            [var one] => one,
            _ => "",
        };
    }

    /// <summary>Folded words without the punctuation around them.</summary>
    internal static IEnumerable<string> Split(string text) => Raw(ReplyText.Fold(text));

    private static IEnumerable<string> Raw(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(w => w.Trim(Punctuation))
            .Where(w => w.Length > 0);

    private static readonly char[] Punctuation = [.. ",;.!¡¿:\"'“”„«»()[]{}*_…、。！，：；،؛؟–—".AsSpan()];

    [GeneratedRegex(@"\[\s*([0-9A-Za-zıİ]{29})\s*\]", RegexOptions.CultureInvariant)]
    private static partial Regex Bracketed();
}
