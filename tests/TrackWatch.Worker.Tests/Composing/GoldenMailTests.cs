using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using TrackWatch.Domain.Advising;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Notifying.Composing.Pages;
using TrackWatch.Worker.Notifying.Composing.Stories;

namespace TrackWatch.Worker.Tests.Composing;

/// <summary>Every situation in every language: how the mail is built, whether it can be read, and in en and tr its very words.</summary>
public partial class GoldenMailTests
{
    private static readonly ServiceProvider Services = Some.Services();
    private static readonly MailWriter Writer = Services.GetRequiredService<MailWriter>();
    private static readonly LanguageFiles Files = Services.GetRequiredService<LanguageFiles>();

    /// <summary>The languages whose words are kept beside the tests.</summary>
    private static readonly string[] Kept = ["en", "tr"];

    public static TheoryData<string, string> Mails()
    {
        var mails = new TheoryData<string, string>();
        foreach (var language in Files.All)
        foreach (var situation in Situations.All)
            mails.Add(situation.Name, language.Tag);
        return mails;
    }

    public static TheoryData<string, string> KeptMails()
    {
        var mails = new TheoryData<string, string>();
        foreach (var language in Kept)
        foreach (var situation in Situations.All)
            mails.Add(situation.Name, language);
        return mails;
    }

    private static Task<WrittenMail> WriteAsync(string situation, string language) =>
        Situations.All.Single(s => s.Name == situation).WriteAsync(Writer, Some.Person(language));

    [Theory]
    [MemberData(nameof(Mails))]
    public async Task A_mail_is_built_so_that_every_client_and_reader_can_follow_it(string situation, string language)
    {
        var mail = await WriteAsync(situation, language);
        var html = Parse(mail.Html);

        html.DocumentElement.GetAttribute("lang").ShouldBe(language);
        html.DocumentElement.GetAttribute("dir").ShouldBe(Files.Of(language).Direction);
        html.Title.ShouldBe(mail.Subject);
        html.QuerySelectorAll("h1").Length.ShouldBe(1);
        var levels = html.QuerySelectorAll("h1, h2, h3").Select(h => h.LocalName[1] - '0').ToList();
        levels.Zip(levels.Skip(1)).ShouldAllBe(pair => pair.Second <= pair.First + 1);
        html.QuerySelectorAll("h1, h2, h3").ShouldAllBe(h => h.TextContent.Trim().Length > 0);

        ShouldBeInert(html, mail.Html);
        foreach (var table in html.QuerySelectorAll("table"))
        {
            var rows = table.QuerySelectorAll("tr").Where(row => row.Closest("table") == table).ToList();
            if (table.GetAttribute("role") == "presentation")
                rows.ShouldAllBe(row => row.Children.All(cell => cell.LocalName == "td"));
            else
                rows.ShouldAllBe(row => row.Children[0].Matches("th[scope=row]"));
        }
        html.QuerySelectorAll("bdi[lang]").ShouldAllBe(words => words.GetAttribute("dir") == "auto");
        html.QuerySelectorAll("pre").ShouldAllBe(letter => letter.HasAttribute("lang") && letter.HasAttribute("dir"));
        Encoding.UTF8.GetByteCount(mail.Html).ShouldBeLessThan(100_000);
        // Both parts are of one page, and the text is for reading as it is.
        var text = Blanks().Replace(mail.Text, " ");
        foreach (var heading in html.QuerySelectorAll("h1, h2, h3"))
            text.ShouldContain(Blanks().Replace(heading.TextContent, " ").Trim());
        mail.Text.ShouldNotContain("<table");
    }

    /// <summary>Nothing runs, nothing is fetched, nothing tells the sender that the mail was opened.</summary>
    private static void ShouldBeInert(IDocument html, string source)
    {
        html.QuerySelectorAll(
                "img, script, link, iframe, object, embed, video, audio, form, input, svg, base, [src], [srcset], [background]"
            )
            .ShouldBeEmpty();
        html.All.SelectMany(element => element.Attributes)
            .ShouldAllBe(a => !a.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase));
        html.QuerySelectorAll("a")
            .Select(a => a.GetAttribute("href") ?? "")
            .ShouldAllBe(href => href.StartsWith("https://") || href.StartsWith("mailto:"));
        foreach (var word in (string[])["url(", "@import", "display:flex", "display:grid", "position:"])
            source.ShouldNotContain(word);
        foreach (var steers in "\u202A\u202B\u202D\u202E\u2066\u2067\0")
            source.ShouldNotContain(steers);
    }

    [Theory]
    [MemberData(nameof(Mails))]
    public async Task Every_word_can_be_read_light_and_dark(string situation, string language)
    {
        var html = Parse((await WriteAsync(situation, language)).Html);

        Colours.HardToRead(html, dark: false).ShouldBeEmpty();
        Colours.HardToRead(html, dark: true).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Mails))]
    public async Task What_happened_what_to_do_and_by_when_come_before_all_else(string situation, string language)
    {
        var mail = await WriteAsync(situation, language);
        var html = Parse(mail.Html);
        if (html.QuerySelector("[class^=card-]") is not { } card)
            return;
        var words = new Words(Files, Files.Of(language), Some.Today);
        var labels = card.QuerySelectorAll("p").Select(p => p.TextContent).ToList();

        labels[0].ShouldBe(words.Say("labels.happened"));
        if (!situation.StartsWith("operator", StringComparison.Ordinal))
            labels.ShouldContain(words.Say("labels.do"));
        if (card.QuerySelector("div[style*='font-size:20px']") is not null && !situation.Contains("slip"))
            labels.ShouldContain(words.Say("labels.by-when"));
        // The card is the first thing below the title, but for a digest's overview.
        if (!situation.StartsWith("digest", StringComparison.Ordinal) && situation != "welcome")
            html.QuerySelectorAll("h1, h2, h3, pre, [class^=card-]")
                .Where(element => element.LocalName != "h2" || !element.ClassList.Contains("line"))
                .ElementAt(1)
                .ShouldBe(card);
        if (mail.Text.IndexOf("\n8< ", StringComparison.Ordinal) is >= 0 and var letter)
            mail.Text.IndexOf($"{labels[0]}:", StringComparison.Ordinal).ShouldBeInRange(0, letter);
    }

    [Theory]
    [MemberData(nameof(KeptMails))]
    public async Task The_words_are_those_that_were_reviewed(string situation, string language)
    {
        var mail = await WriteAsync(situation, language);
        var written = $"Subject: {mail.Subject}\n\n{mail.Text}";
        var file = Path.Combine(Folder(), language, $"{situation}.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, written);
        }
        File.Exists(file).ShouldBeTrue($"{file} is missing; UPDATE_GOLDEN=1 writes it.");
        (await File.ReadAllTextAsync(file)).ShouldBe(
            written,
            "if the new words are meant, run this test with UPDATE_GOLDEN=1 and look at the difference"
        );
    }

    [Fact]
    public void Every_kept_mail_has_a_situation() =>
        Directory
            .EnumerateFiles(Folder(), "*.txt", SearchOption.AllDirectories)
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Except(Situations.All.Select(s => s.Name))
            .ShouldBeEmpty();

    [Fact]
    public async Task A_returning_parcel_is_told_once()
    {
        foreach (
            var kind in (Domain.Notifying.MailKind[])[Domain.Notifying.MailKind.Alert, Domain.Notifying.MailKind.Digest]
        )
        {
            var section = Some.Section(notice: Some.Notice(ReasonCode.GoingBack, Step.ContactSeller));
            section = section with { Notices = [.. section.Notices, Some.Notice(ReasonCode.GoingBack)] };
            var mail = await Writer.WriteAsync(Some.Digest(Some.Person(), section) with { Kind = kind });

            Regex.Count(Blanks().Replace(mail.Text, " "), "The parcel is on its way back to the sender").ShouldBe(1);
        }
    }

    [Fact]
    public async Task An_answer_is_a_link_that_carries_its_command_and_the_text_names_both()
    {
        var mail = await WriteAsync("protection-ends", "en");
        var links = Parse(mail.Html).QuerySelectorAll("a[href^='mailto:']").ToList();

        links
            .Select(a => Uri.UnescapeDataString(a.GetAttribute("href")!.Split("body=")[1]))
            .ShouldBe(["dispute opened", "protection 2026-11-27", "received", "snooze 5d", "stop"]);
        links[0].TextContent.ShouldBe("The dispute is open");
        foreach (var link in links.SkipLast(1))
        {
            // 11 + 20 + 11 px and the cell's border.
            link.GetAttribute("style").ShouldNotBeNull().ShouldContain("padding:11px 18px");
            link.GetAttribute("style")!.ShouldContain("line-height:20px");
        }
        mail.Text.ShouldContain("Reply with: dispute opened (The dispute is open)");
        mail.Text.ShouldContain("Send one line to answers@trackwatch.example, with the subject:");
        mail.Text.ShouldNotContain("trackwatch done");
        (await WriteAsync("alert-without-answers", "en")).Text.ShouldContain("trackwatch done usb-hub open-dispute");
    }

    [Fact]
    public async Task From_right_to_left_every_side_is_turned_around()
    {
        var english = Files.Of("en");
        var mirrored = new Language("ar", CultureInfo.GetCultureInfo("ar"), english.Texts)
        {
            Formats = english.Formats,
        };
        var words = new Words(Files, mirrored, Some.Today);
        foreach (
            var page in (Page[])
                [
                    AlertStory.Tell(
                        Some.Answered(Some.Alert(Some.Person(), Situations.Customs())),
                        words,
                        new Detail(1, 1)
                    ),
                    DigestStory.Tell(Some.Answered(Situations.Digest(Some.Person())), words, new Detail(9, 9)),
                ]
        )
        {
            var html = await RenderAsync(page);
            var body = Parse(html);

            body.DocumentElement.GetAttribute("dir").ShouldBe("rtl");
            Sides(body).ShouldBe(Sides(Parse(await RenderAsync(page with { Direction = "ltr" }))).Select(Mirrored));
            Sides(body).ShouldContain(style => style.Contains("border-right:5px", StringComparison.Ordinal));
            body.QuerySelectorAll("code").ShouldAllBe(code => code.GetAttribute("dir") == "ltr");
            // A text for the seller is in English beside the reader's own, each in its direction.
            body.QuerySelectorAll("pre").ShouldContain(letter => letter.GetAttribute("dir") == "ltr");
            Colours.HardToRead(body, dark: true).ShouldBeEmpty();
        }
    }

    private static List<string> Sides(IDocument html) =>
        [.. html.All.Select(element => $"{element.GetAttribute("align")} {element.GetAttribute("style")}")];

    private static string Mirrored(string style) =>
        LeftOrRight().Replace(style, side => side.Value == "left" ? "right" : "left");

    [GeneratedRegex("left|right")]
    private static partial Regex LeftOrRight();

    private static async Task<string> RenderAsync(Page page)
    {
        await using var renderer = new HtmlRenderer(Services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () =>
            (
                await renderer.RenderComponentAsync<MailDocument>(
                    ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(MailDocument.Page)] = page })
                )
            ).ToHtmlString()
        );
    }

    private static IDocument Parse(string html) => new HtmlParser().ParseDocument(html);

    private static string Folder([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "Golden");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
