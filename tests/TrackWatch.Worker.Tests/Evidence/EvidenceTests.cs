using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using AngleSharp.Html.Parser;
using TrackWatch.TestKit.Running;
using Xunit.Abstractions;

namespace TrackWatch.Worker.Tests.Evidence;

/// <summary><c>trackwatch evidence</c> as a user runs it, and other programs reading what it made.</summary>
public sealed class EvidenceTests(RecordedOrder recorded, ITestOutputHelper output) : IClassFixture<RecordedOrder>
{
    private readonly WorkerHome home = recorded.Home;

    [Fact]
    public async Task The_zip_and_the_folder_hold_the_same_and_are_the_same_every_time()
    {
        var (first, again, folder) = (
            await MakeAsync("one.zip"),
            await MakeAsync("two.zip"),
            await MakeAsync("folder")
        );

        first.Log.ShouldContain("one.zip (");
        File.ReadAllBytes(PathOf("one.zip")).ShouldBe(File.ReadAllBytes(PathOf("two.zip")));
        using var zip = ZipFile.OpenRead(PathOf("one.zip"));
        zip.Entries.Select(e => e.FullName)
            .ShouldBe([
                "README.txt",
                .. Answers("folder"),
                "history.csv",
                "history.json",
                "letters/authority.en.txt",
                "letters/authority.tr.txt",
                "letters/bank.en.txt",
                "letters/bank.tr.txt",
                "letters/customs.en.txt",
                "letters/customs.tr.txt",
                "letters/dispute.en.txt",
                "letters/dispute.tr.txt",
                "letters/seller.en.txt",
                "letters/seller.tr.txt",
                "polls.csv",
                "report.html",
                "SHA256SUMS",
            ]);
        foreach (var entry in zip.Entries)
            Read(entry).ShouldBe(File.ReadAllBytes(PathOf("folder", entry.FullName)), entry.FullName);
    }

    [Fact]
    public async Task The_manifest_is_what_sha256sum_checks_and_a_changed_file_is_found()
    {
        await MakeAsync("checked");

        var (exit, said) = await RunAsync("sha256sum", ["-c", "--strict", "SHA256SUMS"], PathOf("checked"));
        exit.ShouldBe(0, said);
        said.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Length.ShouldBe(Directory.GetFiles(PathOf("checked"), "*", SearchOption.AllDirectories).Length - 1);

        File.AppendAllText(PathOf("checked", "history.csv"), "x");
        (await RunAsync("sha256sum", ["-c", "SHA256SUMS"], PathOf("checked"))).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task The_tables_read_back_have_every_event_with_its_source_its_fetch_and_its_answer()
    {
        await MakeAsync("tables");

        var history = await CsvAsync(PathOf("tables", "history.csv"));
        history
            .Select(e => e["code"])
            .ShouldBe(["PU_PICKUP_SUCCESS", "SC_OUTBOUND_SUCCESS", "LH_DEPART", "LH_ARRIVE", "CC_IM_START"]);
        history.ShouldAllBe(e => e["source"] == "cainiao" && e["number"] == RecordedOrder.Number);
        history[1]["text"].ShouldBe("[Dongguan] <script>alert(1)</script>, \"left\"");
        history[2]["text"].ShouldStartWith("'=HYPERLINK(");
        (history[3]["place"], history[3]["utc_offset"]).ShouldBe(("İstanbul", "+08:00"));
        // Known on the 21st, but the source was blocked until the 25th.
        Instant(history[3]["fetched_at_utc"]).ShouldBeGreaterThan(new(2026, 3, 25, 0, 0, 0, TimeSpan.Zero));

        var polls = await CsvAsync(PathOf("tables", "polls.csv"));
        var json = JsonDocument.Parse(File.ReadAllBytes(PathOf("tables", "history.json"))).RootElement;
        var parcel = json.GetProperty("shipments")[0];
        var asked = parcel.GetProperty("asked");
        asked.GetProperty("times").GetInt32().ShouldBe(polls.Count);
        asked.GetProperty("answered").GetInt32().ShouldBe(polls.Count(p => p["answered"] == "yes"));
        polls.Count(p => p["outcome"] == "Blocked").ShouldBeGreaterThan(0);
        var outage = asked.GetProperty("outages").EnumerateArray().ShouldHaveSingleItem();
        outage.GetProperty("from").GetString()!.ShouldStartWith("2026-03-20");
        outage.GetProperty("until").GetString()!.ShouldStartWith("2026-03-25");

        var silences = parcel.GetProperty("silences").EnumerateArray().ToList();
        silences.Select(s => s.GetProperty("days").GetInt32()).ShouldBe([2, 2, 16, 1, 37]);
        silences[^1].GetProperty("goesOn").GetBoolean().ShouldBeTrue();
        var answers = parcel.GetProperty("answers").EnumerateArray().ToList();
        history
            .Select(e => e["answer_sha256"])
            .ShouldBeSubsetOf(answers.Select(a => a.GetProperty("sha256").GetString()));
        answers.ShouldAllBe(a => File.Exists(PathOf("tables", a.GetProperty("file").GetString()!)));
        parcel.GetProperty("events")[2].GetProperty("text").GetString().ShouldStartWith("=HYPERLINK(");
        json.GetProperty("facts")
            .EnumerateArray()
            .Select(f => f.GetProperty("origin").GetString())
            .ShouldContain("command");
    }

    [Fact]
    public async Task The_page_needs_nothing_from_outside_and_runs_nothing()
    {
        await MakeAsync("page");
        var html = File.ReadAllText(PathOf("page", "report.html"));
        var page = await new HtmlParser().ParseDocumentAsync(html);

        page.QuerySelectorAll("script, link, img, iframe, object, embed, base, form, audio, video").ShouldBeEmpty();
        page.All.SelectMany(e => e.Attributes)
            .Where(a =>
                a.Name.StartsWith("on", StringComparison.Ordinal)
                || (
                    a.Name is "src" or "href" or "xlink:href" or "action" or "style" or "fill"
                    && a.Value.Contains("//", StringComparison.Ordinal)
                )
            )
            .ShouldBeEmpty();
        page.QuerySelectorAll("style")
            .ShouldAllBe(s => !s.TextContent.Contains("url(") && !s.TextContent.Contains("@import"));
        page.DocumentElement.GetAttribute("lang").ShouldBe("tr");
        page.Body!.TextContent.ShouldContain("<script>alert(1)</script>");
        page.Body.TextContent.ShouldContain("USB-C hub <b>bold</b>");
        page.Body.TextContent.ShouldContain("Ayşe Yılmaz");
        // The silences of 16 and 37 days, hatched.
        page.QuerySelectorAll("svg rect[fill^=url]").Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("tr", "harcama itirazı")]
    [InlineData("en", "I ask you to raise a chargeback")]
    public async Task The_letters_are_in_the_buyers_language_and_in_English(string language, string asks)
    {
        await MakeAsync("letters", "--force");
        var bank = File.ReadAllText(PathOf("letters", "letters", $"bank.{language}.txt"));

        bank.ShouldContain(asks);
        bank.ShouldContain("1234");
        bank.ShouldContain("8171234567890123");
        bank.ShouldContain("Ayşe Yılmaz, Moda Cad. 1, Kadıköy");
        bank.ShouldNotContain('{');
        bank.ShouldNotContain("[[");
    }

    [Theory]
    [InlineData("A4", 210, 297)]
    [InlineData("Letter", 216, 279)]
    public async Task Printed_it_is_a_few_pages_of_the_papers_size(string paper, int width, int height)
    {
        if (!File.Exists(Chromium))
        {
            output.WriteLine($"Not printed: there is no {Chromium} here (Debian's chromium).");
            return;
        }
        await MakeAsync("print", "--lang", "en", "--force");
        var sized = Path.Combine(home.Folder, $"{paper}.html");
        File.WriteAllText(
            sized,
            File.ReadAllText(PathOf("print", "report.html"))
                .Replace("@page{", $"@page{{size:{paper.ToLowerInvariant()};", StringComparison.Ordinal)
        );
        var pdf = Path.Combine(home.Folder, $"{paper}.pdf");

        var (exit, said) = await RunAsync(
            Chromium,
            [
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                $"--user-data-dir={Path.Combine(home.Folder, "chromium")}",
                "--no-pdf-header-footer",
                $"--print-to-pdf={pdf}",
                new Uri(sized).AbsoluteUri,
            ],
            home.Folder
        );

        exit.ShouldBe(0, said);
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(pdf));
        var pages = text.Split("/Type /Page\n").Length - 1;
        pages.ShouldBeInRange(2, 4);
        var box = System.Text.RegularExpressions.Regex.Match(text, @"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]");
        Millimetres(box.Groups[1].Value).ShouldBe(width, 1);
        Millimetres(box.Groups[2].Value).ShouldBe(height, 1);

        static double Millimetres(string points) => double.Parse(points, CultureInfo.InvariantCulture) / 72 * 25.4;
    }

    [Fact]
    public async Task What_is_there_and_differs_is_not_overwritten_unless_forced()
    {
        File.WriteAllText(PathOf("mine.zip"), "mine");

        var refused = await home.RunAsync("evidence", "hub", "--out", "mine.zip");
        (refused.ExitCode, File.ReadAllText(PathOf("mine.zip"))).ShouldBe((1, "mine"), refused.Log);
        refused.Log.ShouldContain("mine.zip is there and differs");
        refused.Log.ShouldContain("--force");

        (await home.RunAsync("evidence", "hub", "--out", "mine.zip", "--force")).ExitCode.ShouldBe(0);
        var again = await home.RunAsync("evidence", "hub", "--out", "mine.zip");
        (again.ExitCode, again.Output).ShouldBe((0, ""), again.Log);
        again.Log.ShouldContain("exactly this already");
    }

    [Fact]
    public async Task It_is_told_on_standard_error_where_it_lies_by_default()
    {
        var made = await home.RunAsync("evidence", "hub");

        (made.ExitCode, made.Output).ShouldBe((0, ""), made.Log);
        made.Log.ShouldContain("lies in ./evidence-hub.zip");
        File.Exists(PathOf("evidence-hub.zip")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("there is no order 'hubb'", "evidence", "hubb")]
    [InlineData("there is no language 'xx'. There are: ", "evidence", "hub", "--lang", "xx")]
    [InlineData("the newest entry on record for hub is of 2026-04-", "evidence", "hub", "--at", "2026-04-01")]
    [InlineData("'soon' is no moment", "evidence", "hub", "--at", "soon")]
    public async Task What_cannot_be_made_is_bad_usage_and_says_why(string said, params string[] command)
    {
        var refused = await home.RunAsync(command);

        refused.ExitCode.ShouldBe(2, refused.Log);
        refused.Log.ShouldContain(said);
    }

    [Fact]
    public async Task A_moment_that_is_asked_for_dates_the_record_and_its_letters()
    {
        await MakeAsync("dated", "--at", "2026-05-02", "--lang", "en");

        File.ReadAllText(PathOf("dated", "README.txt")).ShouldContain("As of 2 May 2026, 03:00 (Europe/Istanbul)");
        File.ReadAllText(PathOf("dated", "letters", "bank.en.txt")).ShouldContain("Date: 2 May 2026");
    }

    private const string Chromium = "/usr/bin/chromium";

    private async Task<Ended> MakeAsync(string @out, params string[] options)
    {
        var made = await home.RunAsync(["evidence", "hub", "--out", @out, .. options]);
        made.ExitCode.ShouldBe(0, made.Log);
        return made;
    }

    private string PathOf(params string[] parts) => Path.Combine([home.Folder, .. parts]);

    private IEnumerable<string> Answers(string folder) =>
        Directory
            .GetFiles(PathOf(folder, "answers"))
            .Select(f => $"answers/{Path.GetFileName(f)}")
            .Order(StringComparer.Ordinal);

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>As another program reads it: Python's <c>csv</c>.</summary>
    private static async Task<List<Dictionary<string, string>>> CsvAsync(string file)
    {
        var (exit, said) = await RunAsync(
            "python3",
            [
                "-c",
                "import csv,json,sys; print(json.dumps(list(csv.DictReader(open(sys.argv[1],newline='',encoding='utf-8'),strict=True))))",
                file,
            ],
            "/"
        );
        exit.ShouldBe(0, said);
        return JsonSerializer.Deserialize<List<Dictionary<string, string>>>(said)!;
    }

    private static async Task<(int ExitCode, string Said)> RunAsync(string program, string[] arguments, string folder)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said + (process.ExitCode == 0 ? "" : await errors));
    }
}
