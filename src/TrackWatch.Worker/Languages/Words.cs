using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;

namespace TrackWatch.Worker.Languages;

/// <summary>Says things in one language on one day.</summary>
/// <param name="today">The reader's day: a short date of another year names its year.</param>
internal sealed class Words(LanguageFiles files, Language language, DateOnly today)
{
    private static readonly string[] BlanksByDesign =
    [
        "buyer_name",
        "address_line",
        "card_last4",
        "txn_date",
        "txn_amount",
    ];

    /// <summary>A value as it is, for commands to copy: no shell knows the characters that set it apart.</summary>
    public const string Plain = "plain";

    public Language Language => language;

    public DateOnly Today => today;

    /// <summary>The same day in another language.</summary>
    public Words In(string tag) => new(files, files.Of(tag), today);

    public bool Has(string key) => files.Has(language, key);

    public string Say(string key) => Say(key, Values.None);

    public string Say(string key, Values values) => Fill(key, files.Find(language, key)[0], values);

    /// <summary>The entries of a list.</summary>
    public IReadOnlyList<string> List(string key) =>
        [.. files.Find(language, key).Select(text => Fill(key, text, Values.None))];

    /// <summary>A rule's few words: the language file's by its id, else those of its pack.</summary>
    public string Title(Rule rule) => Own($"rules.{rule.Id}.title") ?? rule.Title;

    /// <summary>What a rule says to the buyer, likewise.</summary>
    public string Says(Rule rule) => Own($"rules.{rule.Id}.says") ?? rule.Says ?? Title(rule);

    // Packs may be newer than the language files: a rule without a translation is no fault of theirs.
    private string? Own(string key) =>
        language.Texts.TryGetValue(key, out var texts) ? Fill(key, texts[0], Values.None) : null;

    public string Day(DateOnly day, string? form = null)
    {
        form = form == "short" && day.Year != today.Year ? "short-year" : form ?? "date";
        var pattern = language.Formats[form];
        return day.ToString(language.Formats.GetValueOrDefault($"{form}-{day.Day}", pattern), language.Culture);
    }

    public string At(DateTime wall, string form = "moment") => wall.ToString(language.Formats[form], language.Culture);

    public string Write(Money money) =>
        Say("formats.money", new Values { { "amount", Amount(money.Amount) }, { "currency", money.Currency } });

    private string Fill(string key, Template text, Values values)
    {
        return text.Fill(
            slot => Form(slot, values),
            slot =>
            {
                // Letters are signed by pen where the orders file gives no name; anything else is a gap in the language file.
                if (!BlanksByDesign.Contains(slot.Name))
                    files.ReportBlank(language, key, slot.Name);
                return Say("values.blank");
            }
        );
    }

    private string? Form(Slot slot, Values values)
    {
        if (values.Find(slot.Name) is not { } value)
            return null;
        if (slot.TestOnly)
            return "";
        if (slot.Nouns.Count > 0)
            return Noun(slot, (int)value);
        return value switch
        {
            string text when slot.Form == Plain => text,
            ForeignText text when slot.Form == Plain => text.ToString(),
            string text => IsRightToLeft ? ForeignText.Isolate(text) : text,
            ForeignText text => text.Within(IsRightToLeft),
            int count => Count(count),
            decimal amount => Amount(amount),
            DateOnly day => Day(day, slot.Form),
            Moment moment => At(moment.Wall, slot.Form ?? "moment"),
            Money money => Write(money),
            Phrase phrase => Say(phrase.Key, values),
            _ => throw new InvalidOperationException($"'{slot.Name}' has a value of a kind no language can write."),
        };
    }

    private bool IsRightToLeft => language.Culture.TextInfo.IsRightToLeft;

    private string Noun(Slot slot, int count) =>
        slot.Nouns[Math.Min(Plurals.Of(language.Tag, count), slot.Nouns.Count - 1)]
            .Replace("#", Count(count), StringComparison.Ordinal);

    private string Count(int count) => count.ToString("N0", language.Culture);

    /// <summary>With the decimals it was written with, but never a single one.</summary>
    private string Amount(decimal amount) =>
        amount.ToString(amount.Scale == 0 ? "N0" : $"N{Math.Max(2, (int)amount.Scale)}", language.Culture);
}
