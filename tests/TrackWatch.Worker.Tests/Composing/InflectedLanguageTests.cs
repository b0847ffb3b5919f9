using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Notifying.Composing;

namespace TrackWatch.Worker.Tests.Composing;

/// <summary>What Slavic languages, Dutch and Arabic need beyond placeholders: forms of counts, cases of dates, direction.</summary>
public partial class InflectedLanguageTests
{
    private static readonly LanguageFiles Files = Some.Services().GetRequiredService<LanguageFiles>();
    private static readonly MailWriter Writer = Some.Services().GetRequiredService<MailWriter>();

    public static TheoryData<string> Tags() => ["ru", "pl", "nl", "uk", "ar"];

    /// <summary>CLDR 48, plurals.xml: the integer samples of each cardinal category, as far as 0–25, 100–125 and a million go.</summary>
    [Theory]
    [InlineData("ru", "one", "1 21 101 121")]
    [InlineData("ru", "few", "2-4 22-24 102-104 122-124")]
    [InlineData("ru", "many", "0 5-20 25 100 105-120 125 1000000")]
    [InlineData("uk", "one", "1 21 101 121")]
    [InlineData("uk", "few", "2-4 22-24 102-104 122-124")]
    [InlineData("uk", "many", "0 5-20 25 100 105-120 125 1000000")]
    [InlineData("pl", "one", "1")]
    [InlineData("pl", "few", "2-4 22-24 102-104 122-124")]
    [InlineData("pl", "many", "0 5-21 25 100 101 105-121 125 1000000")]
    [InlineData("nl", "one", "1")]
    [InlineData("nl", "other", "0 2-25 100-125 1000000")]
    [InlineData("ar", "zero", "0")]
    [InlineData("ar", "one", "1")]
    [InlineData("ar", "two", "2")]
    [InlineData("ar", "few", "3-10 103-110")]
    [InlineData("ar", "many", "11-25 111-125")]
    [InlineData("ar", "other", "100-102 1000000")]
    public void Counts_fall_into_the_categories_of_CLDR(string tag, string category, string counts)
    {
        string[] categories = tag switch
        {
            "nl" => ["one", "other"],
            "ar" => ["zero", "one", "two", "few", "many", "other"],
            _ => ["one", "few", "many"],
        };

        foreach (var n in counts.Split(' ').SelectMany(Numbers))
            categories[Plurals.Of(tag, n)].ShouldBe(category, $"{tag} {n}");

        static IEnumerable<int> Numbers(string range)
        {
            var ends = range.Split('-').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToList();
            return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
        }
    }

    [Theory]
    [InlineData("ru", 1, "Остался 1 день")]
    [InlineData("ru", 3, "Осталось 3 дня")]
    [InlineData("ru", 11, "Осталось 11 дней")]
    [InlineData("ru", 21, "Остался 21 день")]
    [InlineData("uk", 2, "Залишилося 2 дні")]
    [InlineData("uk", 14, "Залишилося 14 днів")]
    [InlineData("pl", 1, "Został 1 dzień")]
    [InlineData("pl", 2, "Zostały 2 dni")]
    [InlineData("pl", 21, "Zostało 21 dni")]
    [InlineData("nl", 1, "Nog 1 dag")]
    [InlineData("nl", 2, "Nog 2 dagen")]
    [InlineData("ar", 1, "بقي يوم واحد")]
    [InlineData("ar", 2, "بقي يومان")]
    [InlineData("ar", 7, "بقيت 7 أيام")]
    [InlineData("ar", 14, "بقي 14 يومًا")]
    [InlineData("ar", 100, "بقي 100 يوم")]
    public void A_count_and_all_words_that_depend_on_it_agree(string tag, int days, string expected) =>
        In(tag).Say("labels.left", new Values { { "days_left", days } }).ShouldBe(expected);

    /// <summary>Slavic months stand in the genitive after a day; all twelve, for some are spelled alike by chance.</summary>
    [Theory]
    [InlineData(
        "ru",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        " 2026 года"
    )]
    [InlineData(
        "uk",
        "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
        " 2026 року"
    )]
    [InlineData(
        "pl",
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
        " 2026"
    )]
    [InlineData(
        "nl",
        "januari februari maart april mei juni juli augustus september oktober november december",
        " 2026"
    )]
    [InlineData("ar", "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر", " 2026")]
    public void A_day_of_a_month_is_written_in_its_case_and_by_the_Gregorian_calendar(
        string tag,
        string months,
        string year
    ) =>
        Enumerable
            .Range(1, 12)
            .Select(month => In(tag).Day(new DateOnly(2026, month, 5)))
            .ShouldBe(months.Split(' ').Select(month => $"5 {month}{year}"));

    [Theory]
    [InlineData("ru", "вс, 22 нояб.", "вт, 5 мая", "25,66~EUR", "1~012,40~TRY")]
    [InlineData("uk", "нд, 22 лист.", "вт, 5 трав.", "25,66~EUR", "1~012,40~TRY")]
    [InlineData("pl", "niedz., 22 lis", "wt., 5 maj", "25,66~EUR", "1~012,40~TRY")]
    [InlineData("nl", "zo 22 nov", "di 5 mei", "EUR~25,66", "TRY~1.012,40")]
    [InlineData("ar", "الأحد، 22 نوفمبر", "الثلاثاء، 5 مايو", "25.66~EUR", "1,012.40~TRY")]
    public void Short_days_and_money_are_written_as_CLDR_says(
        string tag,
        string november,
        string may,
        string money,
        string large
    )
    {
        In(tag).Day(new DateOnly(2026, 11, 22), "short").ShouldBe(november);
        In(tag).Day(new DateOnly(2026, 5, 5), "short").ShouldBe(may);
        Bare(In(tag).Write(new Money(25.66m, "EUR"))).ShouldBe(money);
        Bare(In(tag).Write(new Money(1012.4m, "TRY"))).ShouldBe(large);

        static string Bare(string text) => Isolates().Replace(text, "").Replace('\u00A0', '~').Replace('\u202F', '~');
    }

    [Theory]
    [MemberData(nameof(Tags))]
    public async Task No_English_is_left_in_an_alert_or_a_digest(string tag)
    {
        var missing = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Name == "trackwatch.words.missing")
                to.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>(
            (_, _, tags, _) =>
            {
                if (tags[0].Value?.ToString() == tag)
                    missing.Add(tag);
            }
        );
        listener.Start();

        foreach (var mail in await MailsIn(tag))
        {
            // A sentence of ours in English would have one of these; letters come in English on purpose, quotes are the carrier's.
            var own = EnglishLetter().Replace(mail.Text, "");
            EnglishWords().Matches(own).Select(m => m.Value).ShouldBeEmpty(own);
        }

        missing.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_Arabic_mail_is_marked_as_such_and_sets_apart_what_reads_the_other_way()
    {
        foreach (var mail in await MailsIn("ar"))
        {
            var html = new HtmlParser().ParseDocument(mail.Html);

            html.DocumentElement.GetAttribute("lang").ShouldBe("ar");
            html.DocumentElement.GetAttribute("dir").ShouldBe("rtl");
            html.QuerySelectorAll("code").ShouldAllBe(code => code.GetAttribute("dir") == "ltr");
            foreach (var text in Texts(html).Where(text => ForeignText.HasRightToLeft(text)))
                Bare(text).ShouldNotContain("LP00123456789012", Case.Sensitive, text);
            // One mail, one kind of digit.
            mail.Html.ShouldNotMatch("[٠-٩۰-۹]");
        }

        static IEnumerable<string> Texts(IDocument html) =>
            html.Descendants<IText>()
                .Where(t => t.ParentElement is not ({ LocalName: "bdi" or "code" or "style" } or null))
                .Select(t => t.Data);

        static string Bare(string text) => IsolatedText().Replace(text, "");
    }

    [Fact]
    public async Task A_line_of_an_Arabic_text_part_reads_from_the_right_whatever_it_begins_with()
    {
        foreach (var mail in await MailsIn("ar"))
        foreach (var line in EnglishLetter().Replace(mail.Text, "").Split('\n'))
            line.StartsWith('\u200F').ShouldBe(ForeignText.HasRightToLeft(IsolatedText().Replace(line, "")), line);
    }

    [Fact]
    public void A_command_in_an_Arabic_sentence_can_be_copied() =>
        In("ar")
            .Say("digest.details", new Values { { "order", new ForeignText("usb-hub") } })
            .ShouldEndWith("trackwatch explain usb-hub");

    [Fact]
    public void An_Arabic_name_in_an_English_letter_does_not_turn_it_around()
    {
        var words = In("en");

        words
            .Say("mail.more-things", new Values { { "things", new ForeignText("سماعات") }, { "n", 2 } })
            .ShouldBe("\u2068سماعات\u2069 and 2 more");
    }

    private static Words In(string tag) => new(Files, Files.Of(tag), Some.Today);

    private static async Task<IReadOnlyList<WrittenMail>> MailsIn(string tag)
    {
        var person = Some.Person(tag);
        var notice = Some.Notice(
            ReasonCode.ProtectionEnding,
            Step.OpenDispute,
            Step.KnowRefundRules,
            new DateOnly(2026, 11, 26)
        );
        return
        [
            await Writer.WriteAsync(Some.Alert(person, Some.Section(notice: notice, window: Some.Window))),
            await Writer.WriteAsync(
                Some.Alert(
                    Some.Stranger(tag),
                    Some.BareSection(Some.Notice(ReasonCode.NumberUnknown, Step.CheckNumber))
                )
            ),
            await Writer.WriteAsync(Some.Digest(person, Some.Section(notice: notice, window: Some.Window))),
        ];
    }

    [GeneratedRegex(@"\b(the|and|your|you|days|parcel)\b", RegexOptions.IgnoreCase)]
    private static partial Regex EnglishWords();

    [GeneratedRegex(@"\u200F?8< --- (?:(?!>8 ---)[\s\S])*?\b(?:Hello|Reason: goods|Dear Sir|Subject: )[\s\S]*?>8 ---")]
    private static partial Regex EnglishLetter();

    [GeneratedRegex("[\u2066-\u2069]")]
    private static partial Regex Isolates();

    [GeneratedRegex("[\u2066\u2068][^\u2069]*\u2069")]
    private static partial Regex IsolatedText();
}
