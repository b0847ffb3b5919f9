using System.Security.Cryptography;
using System.Text;
using TrackWatch.Domain.Polling;

namespace TrackWatch.Domain.Recording;

/// <summary>What is kept of an event to know it again.</summary>
/// <param name="Ordinal">Its place among events of the same answer that are otherwise equal; 0 for the first.</param>
public sealed record KnownEvent(long Id, string Code, string TimeAsSent, string? Place, int Ordinal, string Text);

/// <summary>An event to append.</summary>
/// <param name="Fingerprint">Its identity: equal in every later answer, whatever becomes of the text.</param>
public sealed record NewEvent(ReportedEvent Event, int Ordinal, Guid Fingerprint);

/// <summary>New words for an event that is known; they are kept beside the old ones and are no news.</summary>
public sealed record Rewording(long EventId, string Text, string? Place);

/// <summary>How an answer relates to the history on file.</summary>
/// <param name="Vanished">Known events that the answer no longer has.</param>
public sealed record HistoryChange(
    IReadOnlyList<NewEvent> New,
    IReadOnlyList<Rewording> Reworded,
    IReadOnlyList<long> Vanished
);

/// <summary>
/// Tells new events from old ones whose words were edited. An event is known by provider, number, code, the provider's own
/// time as sent, place, and its ordinal among equals; its text counts only where there is no code. What is left over is
/// matched by code and time, then (without a code) by time and place, so that a re-worded or re-translated line, or one
/// whose place is spelled anew, stays the event it was.
/// </summary>
public static class HistoryMerge
{
    /// <param name="known">What the same source told before.</param>
    public static HistoryChange Merge(
        SourceKey source,
        IReadOnlyList<KnownEvent> known,
        IReadOnlyList<ReportedEvent> reported
    )
    {
        var fresh = Number(reported);
        var open = known.ToList();
        var reworded = new List<Rewording>();

        // The same words first, so that the order in which an answer lists equals does not matter.
        Match((k, n) => Same(k, n.Event) && SamePlace(k.Place, n.Event.Place) && k.Text == n.Event.Text);
        Match((k, n) => Same(k, n.Event) && SamePlace(k.Place, n.Event.Place) && k.Ordinal == n.Ordinal);
        Match((k, n) => n.Event.Code.Length > 0 && Same(k, n.Event));
        Match(
            (k, n) =>
                n.Event.Code.Length == 0
                && k.Code.Length == 0
                && k.TimeAsSent == n.Event.TimeAsSent
                && SamePlace(k.Place, n.Event.Place)
        );

        return new HistoryChange([.. fresh.Select(Append)], reworded, [.. open.Select(k => k.Id)]);

        // An ordinal on file is not given twice, not even where the words that went with it have changed since.
        NewEvent Append(Numbered n)
        {
            var taken = known.Where(k => k.Code == n.Event.Code && k.TimeAsSent == n.Event.TimeAsSent);
            var ordinal = n.Ordinal + taken.Select(k => k.Ordinal + 1).DefaultIfEmpty(0).Max();
            return new NewEvent(n.Event, ordinal, Fingerprint(source, n.Event, ordinal));
        }

        void Match(Func<KnownEvent, Numbered, bool> same)
        {
            if (open.Count == 0)
                return;
            fresh.RemoveAll(n =>
            {
                var at = open.FindIndex(k => same(k, n));
                if (at < 0)
                    return false;
                var match = open[at];
                open.RemoveAt(at);
                if (match.Text != n.Event.Text || !SamePlace(match.Place, n.Event.Place))
                    reworded.Add(new Rewording(match.Id, n.Event.Text, n.Event.Place));
                return true;
            });
        }
    }

    /// <summary>A place without the differences that spelling makes: case, blanks, punctuation.</summary>
    public static string NormalPlace(string? place)
    {
        if (string.IsNullOrEmpty(place))
            return "";
        // Nearly all places are plain, and every event of every changed answer passes here.
        var plain = Ascii.IsValid(place) ? place : place.Normalize(NormalizationForm.FormKC).ToUpperInvariant();
        return string.Create(
            plain.Count(char.IsLetterOrDigit),
            plain,
            static (normal, from) =>
            {
                var at = 0;
                foreach (var c in from)
                    if (char.IsLetterOrDigit(c))
                        normal[at++] = char.ToUpperInvariant(c);
            }
        );
    }

    private static List<Numbered> Number(IReadOnlyList<ReportedEvent> reported)
    {
        var seen = new Dictionary<(string, string, string, string), List<ReportedEvent>>();
        var numbered = new List<Numbered>(reported.Count);
        foreach (var e in reported)
        {
            var identity = (e.Code, e.TimeAsSent, NormalPlace(e.Place), e.Code.Length == 0 ? e.Text : "");
            if (!seen.TryGetValue(identity, out var equals))
                seen[identity] = equals = [];
            // The same line twice, to the letter, is one event.
            if (equals.Any(other => other.Text == e.Text))
                continue;
            numbered.Add(new Numbered(e, equals.Count));
            equals.Add(e);
        }
        return numbered;
    }

    private static bool Same(KnownEvent known, ReportedEvent reported) =>
        known.Code == reported.Code
        && known.TimeAsSent == reported.TimeAsSent
        && (reported.Code.Length > 0 || known.Text == reported.Text);

    private static bool SamePlace(string? one, string? other) => NormalPlace(one) == NormalPlace(other);

    private static Guid Fingerprint(SourceKey source, ReportedEvent e, int ordinal)
    {
        var identity = string.Join(
            '\u001f',
            source.Provider,
            source.Number,
            e.Code,
            e.TimeAsSent,
            NormalPlace(e.Place),
            e.Code.Length == 0 ? e.Text : "",
            ordinal.ToString(System.Globalization.CultureInfo.InvariantCulture)
        );
        return new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(identity)).AsSpan(0, 16));
    }

    private sealed record Numbered(ReportedEvent Event, int Ordinal);
}
