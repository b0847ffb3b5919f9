using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;
using TrackWatch.TestKit;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Notifying.Composing;

namespace TrackWatch.Worker.Tests.Composing;

public partial class LanguageTests
{
    private static readonly LanguageFiles Files = Some.Services().GetRequiredService<LanguageFiles>();

    public static TheoryData<string> All() => [.. LanguageFiles.Tags];

    public static TheoryData<string> Translations() => [.. LanguageFiles.Tags.Where(tag => tag != "en")];

    [Theory]
    [MemberData(nameof(Translations))]
    public void A_translation_has_every_text_with_the_same_placeholders(string tag)
    {
        var english = Files.Of("en");
        var other = Files.Of(tag);

        // The English of rules is in their packs.
        other
            .Texts.Keys.Where(key => !key.StartsWith("rules.", StringComparison.Ordinal))
            .Order()
            .ShouldBe(english.Texts.Keys.Order());
        english.Formats.Keys.ShouldBeSubsetOf(other.Formats.Keys);
        foreach (var (key, texts) in english.Texts)
        {
            other.Texts[key].Count.ShouldBe(texts.Count, key);
            Names(other.Texts[key]).ShouldBe(Names(texts), key);
            other
                .Texts[key]
                .SelectMany(text => text.Slots)
                .ShouldAllBe(
                    slot => slot.Form == null || slot.Form == Words.Plain || other.Formats.ContainsKey(slot.Form),
                    key
                );
        }

        static string[] Names(IReadOnlyList<Template> texts) => [.. texts.SelectMany(t => t.Names).Distinct().Order()];
    }

    /// <summary>Rules that a mail can name: those that give days to the ladder, those of stalls and limits, and lines about a country.</summary>
    public static TheoryData<string, bool> RulesOfMails()
    {
        var rules = new TheoryData<string, bool>();
        foreach (var rule in TestRules.Book.All)
        {
            var isLine = rule is StatementRule or MoneyRule && rule.Step is not null && rule.Says is not null;
            var isOfCountry =
                rule.Pack.StartsWith("country/", StringComparison.Ordinal)
                || rule.Pack.StartsWith("customs/", StringComparison.Ordinal);
            if (isLine && isOfCountry)
                rules.Add(rule.Id, true);
            else if (
                rule
                is StallLimitsRule
                    or DayRule { Role: not DayRole.Other }
                    or MoneyRule { Role: MoneyRole.AuthorityLimit or MoneyRole.PaymentProtection }
                    or ContactRule { Role: not ContactRole.Other }
            )
                rules.Add(rule.Id, false);
        }
        return rules;
    }

    [Theory]
    [MemberData(nameof(RulesOfMails))]
    public void Every_rule_that_a_mail_can_name_has_words_in_every_translation(string id, bool says)
    {
        foreach (var language in Files.All.Where(l => l.Tag != "en"))
        {
            language.Texts.ContainsKey($"rules.{id}.title").ShouldBeTrue(language.Tag);
            language.Texts.ContainsKey($"rules.{id}.says").ShouldBe(says, language.Tag);
        }
    }

    [Theory]
    [MemberData(nameof(Translations))]
    public void Every_translated_rule_is_in_the_book(string tag) =>
        Files
            .Of(tag)
            .Texts.Keys.Where(key => key.StartsWith("rules.", StringComparison.Ordinal))
            .Select(key => key.Split('.')[1])
            .Distinct()
            .Where(id => !TestRules.Book.Find(id).Any())
            .ShouldBeEmpty();

    [Fact]
    public void No_Turkish_suffix_hangs_on_a_placeholder()
    {
        var file = typeof(LanguageFiles).Assembly.GetManifestResourceStream("Languages/tr.yaml")!;
        using var reader = new StreamReader(file);
        var lines = reader.ReadToEnd().Split('\n').Where(line => !line.StartsWith('#'));

        lines.Where(line => SuffixOnPlaceholder().IsMatch(line)).ShouldBeEmpty();
    }

    /// <summary>
    /// A noun has one form for all counts, or one per category that whole numbers of the language fall into; the category
    /// that only millions fall into may be left out.
    /// </summary>
    [Theory]
    [MemberData(nameof(All))]
    public void A_noun_has_as_many_forms_as_its_language_has_for_counts(string tag)
    {
        int[] allowed = [1, Forms(Enumerable.Range(0, 1_000)), Forms([.. Enumerable.Range(0, 1_000), 1_000_000])];

        foreach (var (key, texts) in Files.Of(tag).Texts)
        foreach (var slot in texts.SelectMany(text => text.Slots).Where(slot => slot.Nouns.Count > 0))
            allowed.ShouldContain(slot.Nouns.Count, $"{tag}: {key} {{{slot.Name}|{string.Join('|', slot.Nouns)}}}");

        int Forms(IEnumerable<int> counts) => counts.Select(n => Plurals.Of(tag, n)).Distinct().Count();
    }

    /// <summary>The categories of 0, 1, 2, 3, 5, 11, 12, 21, 22, 25, 100, 101, 111 and 1,000,000 by CLDR's own tables.</summary>
    [Theory]
    [InlineData("en", "other one other other other other other other other other other other other other")]
    [InlineData("tr", "other one other other other other other other other other other other other other")]
    [InlineData("de", "other one other other other other other other other other other other other other")]
    [InlineData("es", "other one other other other other other other other other other other other many")]
    [InlineData("it", "other one other other other other other other other other other other other many")]
    [InlineData("fr", "one one other other other other other other other other other other other many")]
    [InlineData("pt-BR", "one one other other other other other other other other other other other many")]
    public void A_count_falls_into_the_category_that_CLDR_says(string tag, string expected)
    {
        int[] counts = [0, 1, 2, 3, 5, 11, 12, 21, 22, 25, 100, 101, 111, 1_000_000];
        var categories = expected.Split(' ');
        string[] ofLanguage =
        [
            .. ((string[])["zero", "one", "two", "few", "many", "other"]).Where(c => categories.Contains(c)),
        ];

        counts.Select(n => ofLanguage[Plurals.Of(tag, n)]).ShouldBe(categories);
    }

    [Theory]
    [InlineData("xx", "en")]
    [InlineData(null, "en")]
    [InlineData("tr-TR", "tr")]
    [InlineData("de-AT", "de")]
    [InlineData("FR-ca", "fr")]
    [InlineData("pt-BR", "pt-BR")]
    [InlineData("pt", "pt-BR")]
    [InlineData("pt-PT", "pt-BR")]
    public void A_reader_gets_the_nearest_language_that_there_is_and_else_English(string? tag, string expected) =>
        Files.Of(tag).Tag.ShouldBe(expected);

    [Theory]
    [MemberData(nameof(All))]
    public void Days_are_counted_by_the_Gregorian_calendar(string tag)
    {
        var language = Files.Of(tag);

        language.Culture.DateTimeFormat.Calendar.ShouldBeOfType<GregorianCalendar>();
        new Words(Files, language, Some.Today).Day(new DateOnly(2026, 11, 22)).ShouldContain("2026");
    }

    [Fact]
    public void Letters_are_drafts_where_no_lawyer_has_read_them() =>
        Files.All.Where(l => !l.LettersAreDrafts).Select(l => l.Tag).Order().ShouldBe(["en", "tr"]);

    [Fact]
    public void A_text_that_a_language_lacks_is_said_in_English_and_counted()
    {
        var counted = new List<string?>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Name == "trackwatch.words.missing")
                to.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => counted.Add(tags[0].Value?.ToString()));
        listener.Start();
        var draft = new Language("xx", CultureInfo.InvariantCulture, new Dictionary<string, IReadOnlyList<Template>>())
        {
            Formats = new Dictionary<string, string>(),
        };

        new Words(Files, draft, Some.Today).Say("labels.do").ShouldBe("What to do");

        counted.ShouldBe(["xx"]);
    }

    [Theory]
    [InlineData("en", "22 November 2026", "Sun 22 Nov", "EUR 25.66", "TRY 1,012.40")]
    [InlineData("tr", "22 Kasım 2026", "22 Kas Paz", "25,66 EUR", "1.012,40 TRY")]
    [InlineData("de", "22. November 2026", "So, 22. Nov.", "25,66~EUR", "1.012,40~TRY")]
    [InlineData("fr", "22 novembre 2026", "dim. 22 nov.", "25,66~EUR", "1_012,40~TRY")]
    [InlineData("es", "22 de noviembre de 2026", "dom, 22 nov", "25,66~EUR", "1.012,40~TRY")]
    [InlineData("it", "22 novembre 2026", "dom 22 nov", "25,66~EUR", "1.012,40~TRY")]
    [InlineData("pt-BR", "22 de novembro de 2026", "dom., 22 de nov.", "EUR~25,66", "TRY~1.012,40")]
    public void Dates_and_money_are_written_as_the_language_writes_them(
        string tag,
        string day,
        string shortDay,
        string money,
        string large
    )
    {
        var words = new Words(Files, Files.Of(tag), Some.Today);
        var date = new DateOnly(2026, 11, 22);

        words.Day(date).ShouldBe(day);
        words.Day(date, "short").ShouldBe(shortDay);
        Write(new Money(25.66m, "EUR")).ShouldBe(money);
        Write(new Money(1012.4m, "TRY")).ShouldBe(large);

        string Write(Money amount) =>
            Template
                .Parse("{x}")
                .Fill(_ => words.Write(amount), _ => throw new InvalidOperationException())
                .Replace('\u00A0', '~')
                .Replace('\u202F', '_');
    }

    [Theory]
    [InlineData(1, "il 1° ottobre 2026")]
    [InlineData(8, "l'8 ottobre 2026")]
    [InlineData(11, "l'11 ottobre 2026")]
    [InlineData(20, "il 20 ottobre 2026")]
    public void A_day_in_Italian_brings_the_article_that_fits_it(int day, string expected) =>
        new Words(Files, Files.Of("it"), Some.Today).Day(new DateOnly(2026, 10, day), "il").ShouldBe(expected);

    [Theory]
    [InlineData("fr", "1er novembre 2026", "dim. 1er nov.")]
    [InlineData("it", "1° novembre 2026", "dom 1° nov")]
    [InlineData("pt-BR", "1º de novembro de 2026", "dom., 1º de nov.")]
    [InlineData("de", "1. November 2026", "So, 1. Nov.")]
    public void The_first_of_a_month_is_an_ordinal_where_the_language_says_so(string tag, string day, string shortDay)
    {
        var words = new Words(Files, Files.Of(tag), Some.Today);
        var date = new DateOnly(2026, 11, 1);

        words.Day(date).ShouldBe(day);
        words.Day(date, "short").ShouldBe(shortDay);
    }

    [Theory]
    [InlineData("[[a {x} || b]] c", null, "b c")]
    [InlineData("[[a {x} || b]] c", "1", "a 1 c")]
    [InlineData("c.[[ a {x}]] d", null, "c. d")]
    [InlineData("one\n[[two {x}]]\nthree", null, "one\nthree")]
    [InlineData("one\n\nthree", null, "one\n\nthree")]
    [InlineData("[[{?x}yes || no]]", "1", "yes")]
    [InlineData("[[{?x}yes || no]]", null, "no")]
    [InlineData("a {x}", null, "a ?")]
    public void A_passage_is_printed_only_where_its_values_are_known(string text, string? value, string expected) =>
        Template
            .Parse(text)
            .Fill(
                slot =>
                    value is null ? null
                    : slot.TestOnly ? ""
                    : value,
                _ => "?"
            )
            .ShouldBe(expected);

    [Theory]
    [InlineData("[[ never closed")]
    [InlineData("never opened ]]")]
    [InlineData("{Wrong name}")]
    public void A_slip_in_a_language_file_is_found_when_it_is_read(string text) =>
        Should.Throw<FormatException>(() => Template.Parse(text));

    [Theory]
    [InlineData(1, "1 parcel")]
    [InlineData(2, "2 parcels")]
    [InlineData(0, "0 parcels")]
    public void A_noun_goes_with_its_count(int n, string expected) =>
        new Words(Files, Files.Of("en"), Some.Today)
            .Say("mail.news-title", new Values { { "n", n } })
            .ShouldBe($"News of {expected}");

    [GeneratedRegex(@"\{[^?}][^}]*\}(\]\])?['’]?\p{Ll}")]
    private static partial Regex SuffixOnPlaceholder();
}
