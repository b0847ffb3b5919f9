using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace TrackWatch.Domain.Registering;

/// <summary>
/// Reads what a buyer tells of an order: <c>dispute refused 2026-11-27</c>, <c>refund approved 23.90 EUR</c>,
/// <c>customs hold-until 2026-10-14</c>. Order and case do not matter; a day is ISO, <c>today</c> or <c>yesterday</c>.
/// Nothing is guessed: a word that has no place is refused with the right form.
/// </summary>
public static class FactWords
{
    private const string DisputeForm =
        "dispute opened [DAY] [id 77], or: dispute granted|partial|refused [DAY] [23.90 EUR]";
    private const string RefundForm = "refund approved|received [23.90 EUR] [DAY]";
    private const string CustomsForm = "customs hold-until DAY, or: customs notice A-12, or both";
    private const string ProtectionForm = "protection DAY";
    private const string MissingForm = "missing [DAY]";
    private const string ClosedForm = "received|refunded|cancelled|lost [DAY]";
    private const string MailsForm = "mails stop|resume [PERSON]";
    private const int LongestSnooze = 365;

    /// <summary>The right forms, one a line of help.</summary>
    public static readonly IReadOnlyList<string> Forms =
    [
        "dispute opened [DAY] [id 77]",
        "dispute granted|partial|refused [DAY] [23.90 EUR]",
        RefundForm,
        "customs hold-until DAY",
        "customs notice A-12",
        ProtectionForm,
        MissingForm,
        ClosedForm,
        MailsForm,
    ];

    /// <param name="words">One word each, or several in one text.</param>
    /// <param name="today">The day in the zone of the order's first person.</param>
    /// <param name="problem">What was not understood and the right form: one or two sentences.</param>
    public static bool TryParse(
        IEnumerable<string> words,
        DateOnly today,
        [NotNullWhen(true)] out Fact? fact,
        [NotNullWhen(false)] out string? problem
    )
    {
        var said = new Said(words, today);
        fact = said.Read();
        problem = fact is null ? said.Problem : null;
        return fact is not null;
    }

    /// <summary>Reads how long to be quiet: <c>5d</c>, <c>2w</c>, or the last quiet day.</summary>
    /// <param name="until">The last quiet day.</param>
    /// <param name="problem">What is wrong with it: the rest of a sentence.</param>
    public static bool TryParseSnooze(
        string? text,
        DateOnly today,
        out DateOnly until,
        [NotNullWhen(false)] out string? problem
    )
    {
        problem = null;
        text = text?.Trim() ?? "";
        if (!TryParseDay(text, today, out until))
        {
            if (DaysIn(text) is not { } days)
            {
                problem =
                    $"'{text}' is no time to be quiet for; write 5d, 2w, or the last quiet day as {today.AddDays(5):yyyy-MM-dd}.";
                return false;
            }
            until = today.AddDays(days);
        }
        if (until > today && until <= today.AddDays(LongestSnooze))
            return true;
        problem = $"'{text}' does not fit: the last quiet day must lie ahead, and no further than a year.";
        return false;
    }

    /// <summary>Whole days in <c>5d</c>, <c>2w</c>, <c>1w3d</c> or <c>36h</c>, the last begun one counted.</summary>
    private static int? DaysIn(string text)
    {
        var (hours, number) = (0, "");
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c) && number.Length < 4)
                number += c;
            else if (number.Length > 0 && HoursIn(c) is { } unit)
                (hours, number) = (hours + (int.Parse(number, CultureInfo.InvariantCulture) * unit), "");
            else
                return null;
        }
        return number.Length > 0 || text.Length == 0 ? null : Math.Min((hours + 23) / 24, LongestSnooze + 1);
    }

    private static int? HoursIn(char unit) =>
        unit switch
        {
            'w' or 'W' => 7 * 24,
            'd' or 'D' => 24,
            'h' or 'H' => 1,
            _ => null,
        };

    /// <summary>Reads <c>2026-11-27</c>, <c>today</c> or <c>yesterday</c>.</summary>
    public static bool TryParseDay(string? text, DateOnly today, out DateOnly day)
    {
        switch (text?.Trim().ToUpperInvariant())
        {
            case "TODAY":
                day = today;
                return true;
            case "YESTERDAY":
                day = today.AddDays(-1);
                return true;
            default:
                return DateOnly.TryParseExact(
                        text?.Trim(),
                        "yyyy-MM-dd",
                        CultureInfo.InvariantCulture,
                        DateTimeStyles.None,
                        out day
                    )
                    // As in the files: another year is a slip of the finger, and dates are counted on from it.
                    && day.Year is >= 2000 and < 2200;
        }
    }

    /// <summary>The words taken apart: day, amount and names out of the way, what remains says which fact it is.</summary>
    private sealed class Said
    {
        private readonly List<string> left;
        private readonly DateOnly today;
        private readonly List<DateOnly> days = [];
        private Money? amount;
        private string? id;
        private string? notice;
        private bool until;

        public Said(IEnumerable<string> words, DateOnly today)
        {
            this.today = today;
            left =
            [
                .. words
                    .SelectMany(w => w.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                    .Select(w => w.Trim(',', ';', '.', '!', ':'))
                    .Where(w => w.Length > 0),
            ];
        }

        public string Problem { get; private set; } = "";

        public Fact? Read()
        {
            if (left.Count == 0)
                return Refuse($"Nothing was said. Say one of: {string.Join("; ", Forms)}.");
            if (Subject("MAILS"))
                return Mails();
            var form = FormMeant();
            // Names first: a notice may look like a day or an amount.
            if (!TakeNamed(["NOTICE"], form, ref notice) || !TakeNamed(["ID"], form, ref id))
                return null;
            TakeUntil();
            if (!TakeAmount(form) || !TakeDays(form))
                return null;
            return Subject("DISPUTE") ? Dispute()
                : Subject("REFUND") ? Refund()
                : Subject("CUSTOMS") ? Customs()
                : Subject("PROTECTION") ? Protection()
                : Subject("MISSING") ? Nothing(ClosedWords) ?? Finish(new Fact.Missing(Day), MissingForm, past: true)
                : Closed();
        }

        private Fact? Dispute()
        {
            if (Take("OPENED") || Take("OPEN"))
                return amount is null
                    ? Finish(new Fact.DisputeOpened(Day, id), DisputeForm, past: true, mayNameId: true)
                    : Refuse("An amount belongs to the decision of a dispute, not to its opening.", DisputeForm);
            DisputeOutcome? outcome =
                Take("GRANTED") ? DisputeOutcome.Granted
                : Take("PARTIAL") || Take("PARTIALLY") ? DisputeOutcome.Partial
                : Take("REFUSED") ? DisputeOutcome.Refused
                : null;
            return outcome is { } known
                ? Finish(new Fact.DisputeDecided(known, Day, amount), DisputeForm, past: true, mayCost: true)
                : Refuse(Unknown("What became of the dispute is missing"), DisputeForm);
        }

        private Fact? Refund() =>
            Take("APPROVED") ? Finish(new Fact.RefundApproved(Day, amount), RefundForm, past: true, mayCost: true)
            : Take("RECEIVED") ? Finish(new Fact.RefundReceived(Day, amount), RefundForm, past: true, mayCost: true)
            : Refuse(Unknown("'approved' or 'received' is missing"), RefundForm);

        private Fact? Customs()
        {
            if (until && days.Count == 0)
                return Refuse("The last day is missing.", CustomsForm);
            if (!until && days.Count > 0)
                return Refuse("What the day means is missing: is it the last one?", CustomsForm);
            if (!until && notice is null)
                return Refuse(Unknown("'hold-until' or 'notice' is missing"), CustomsForm);
            return Finish(new Fact.CustomsHold(Day, notice), CustomsForm, past: false);
        }

        private Fact? Protection()
        {
            _ = Take("ENDS") || Take("END") || Take("UNTIL");
            return Day is { } day
                ? Finish(new Fact.ProtectionEnds(day), ProtectionForm, past: false)
                : Refuse(Unknown("The day that the order page prints is missing"), ProtectionForm);
        }

        private Fact? Mails()
        {
            bool? wanted =
                Take("STOP") ? false
                : Take("RESUME") ? true
                : null;
            return wanted is { } mails && left.Count <= 1
                ? new Fact.Mails(mails, left.FirstOrDefault())
                : Refuse(
                    wanted is null ? Unknown("'stop' or 'resume' is missing") : $"'{left[1]}' has no place here.",
                    MailsForm
                );
        }

        private Fact? Closed()
        {
            foreach (var (word, why) in ClosedWords)
            {
                if (!Take(word))
                    continue;
                if (amount is { } money && why is ClosedWhy.Received or ClosedWhy.Refunded)
                    return Refuse($"Money is told as: refund received {money}.");
                return Finish(new Fact.Closed(why, Day), ClosedForm, past: true);
            }
            return Refuse(
                left.Count > 0
                    ? $"'{left[0]}' is none of the words. Say one of: {string.Join("; ", Forms)}."
                    : $"What happened is missing. Say one of: {string.Join("; ", Forms)}."
            );
        }

        private static readonly (string Word, ClosedWhy Why)[] ClosedWords =
        [
            ("RECEIVED", ClosedWhy.Received),
            ("REFUNDED", ClosedWhy.Refunded),
            ("CANCELLED", ClosedWhy.Cancelled),
            ("CANCELED", ClosedWhy.Cancelled),
            ("LOST", ClosedWhy.Lost),
        ];

        /// <summary>Two subjects in one line would leave one of them untold.</summary>
        private Fact? Nothing((string Word, ClosedWhy Why)[] others) =>
            left.Exists(l => others.Any(o => Is(l, o.Word)))
                ? Refuse("A parcel is either missing or not; say one of the two.", MissingForm)
                : null;

        private DateOnly? Day => days.Count > 0 ? days[0] : null;

        /// <summary>Nothing may be left over, and what has happened cannot lie ahead.</summary>
        private Fact? Finish(Fact fact, string form, bool past, bool mayCost = false, bool mayNameId = false)
        {
            if (Problem.Length > 0)
                return null;
            if (left.Count > 0)
                return Refuse($"'{left[0]}' has no place here.", form);
            if (days.Count > 1)
                return Refuse("There are two days; only one has a place.", form);
            if (amount is not null && !mayCost)
                return Refuse($"The amount {amount} has no place here.", form);
            if (id is not null && !mayNameId)
                return Refuse($"The id {id} has no place here.", form);
            if ((notice is not null || until) && fact is not Fact.CustomsHold)
                return Refuse($"'{(until ? "until" : "notice")}' has no place here.", form);
            if (past && Day is { } day && day > today)
                return Refuse(
                    $"{day:yyyy-MM-dd} lies ahead (today is {today:yyyy-MM-dd}); tell it when it has happened."
                );
            return fact;
        }

        private Fact? Refuse(string why, string? form = null)
        {
            if (Problem.Length == 0)
                Problem = form is null ? why : $"{why} Say: {form}.";
            return null;
        }

        private string Unknown(string otherwise) =>
            left.Count > 0 ? $"'{left[0]}' is not one of the words." : $"{otherwise}.";

        private string FormMeant() =>
            Has("DISPUTE") ? DisputeForm
            : Has("REFUND") ? RefundForm
            : Has("CUSTOMS") ? CustomsForm
            : Has("PROTECTION") ? ProtectionForm
            : Has("MISSING") ? MissingForm
            : ClosedForm;

        private bool TakeNamed(string[] names, string form, ref string? value)
        {
            var at = left.FindIndex(l => names.Any(n => Is(l, n)));
            if (at < 0)
                return true;
            if (at + 1 == left.Count)
            {
                Refuse($"What comes after '{left[at]}' is missing.", form);
                return false;
            }
            value = left[at + 1].TrimStart('#');
            left.RemoveRange(at, 2);
            return true;
        }

        private void TakeUntil()
        {
            until = Take("HOLD-UNTIL") || Take("HOLD_UNTIL");
            if (until || !Has("CUSTOMS"))
                return;
            until = Take("UNTIL");
            if (until)
                Take("HOLD");
        }

        /// <summary>A number with a currency beside it, on either side or without a blank between.</summary>
        private bool TakeAmount(string form)
        {
            var at = left.FindIndex(l => char.IsAsciiDigit(l[0]) && !LooksLikeDay(l));
            if (at < 0)
                return true;
            var (number, currency) = SplitAmount(left[at]);
            var (from, count) = (at, 1);
            if (currency.Length == 0 && at + 1 < left.Count && IsCurrency(left[at + 1]))
                (currency, count) = (left[at + 1], 2);
            else if (currency.Length == 0 && at > 0 && IsCurrency(left[at - 1]))
                (currency, from, count) = (left[at - 1], at - 1, 2);
            if (currency.Length == 0)
            {
                Refuse(
                    Has("DISPUTE") && number.All(char.IsAsciiDigit)
                        ? $"What '{number}' is was not said: write 'id {number}', or an amount with its currency (23.90 EUR)."
                        : $"'{number}' is neither a day (2026-11-27) nor an amount with its currency (23.90 EUR).",
                    form
                );
                return false;
            }
            if (!Money.TryParse($"{number} {currency}", out var money))
            {
                Refuse(
                    $"'{number} {currency}' is no amount: write it with a decimal point and without thousands, as 1012.40 TRY."
                );
                return false;
            }
            amount = money;
            left.RemoveRange(from, count);
            return true;
        }

        private static (string Number, string Currency) SplitAmount(string word)
        {
            var letters = word.Length;
            while (letters > 0 && char.IsAsciiLetter(word[letters - 1]))
                letters--;
            return IsCurrency(word[letters..]) ? (word[..letters], word[letters..]) : (word, "");
        }

        private static bool IsCurrency(string word) => word.Length == 3 && Currencies.IsKnown(word.ToUpperInvariant());

        private bool TakeDays(string form)
        {
            foreach (var word in left.ToList())
            {
                if (TryParseDay(word, today, out var day))
                {
                    days.Add(day);
                    left.Remove(word);
                }
                else if (LooksLikeDay(word))
                {
                    Refuse($"'{word}' is no day of the calendar; write it as {today:yyyy-MM-dd}.", form);
                    return false;
                }
            }
            return true;
        }

        // 27.11.2026, 11/27/2026, 2026-11-31: something was meant as a day, and which one is not ours to guess.
        private static bool LooksLikeDay(string word) =>
            word.Length >= 6
            && word.All(c => char.IsAsciiDigit(c) || c is '-' or '/' or '.')
            && word.Count(c => !char.IsAsciiDigit(c)) == 2;

        private bool Subject(string word) => Take(word);

        private bool Has(string word) => left.Exists(l => Is(l, word));

        private bool Take(string word)
        {
            var at = left.FindIndex(l => Is(l, word));
            if (at >= 0)
                left.RemoveAt(at);
            return at >= 0;
        }

        private static bool Is(string said, string word) => said.Equals(word, StringComparison.OrdinalIgnoreCase);
    }
}
