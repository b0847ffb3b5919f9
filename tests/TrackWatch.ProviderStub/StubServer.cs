using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;

namespace TrackWatch.ProviderStub;

/// <summary>How the stub answers a tracking question from now on.</summary>
internal enum StubMode
{
    /// <summary>The parcels it knows; an unknown number gets Cainiao's answer for one.</summary>
    Normal,

    /// <summary>A captcha page, HTTP 200.</summary>
    BlockPage,

    /// <summary>HTTP 429 with <c>Retry-After</c> of so many seconds as <c>arg</c> (default 120); without the header where <c>arg</c> is 0.</summary>
    TooMany,

    /// <summary>The connection is reset before a byte of the answer.</summary>
    Reset,

    /// <summary>HTTP 500, or the status in <c>arg</c>, with a page.</summary>
    Error,

    /// <summary>The right answer after <c>arg</c> milliseconds (default 3000).</summary>
    Slow,

    /// <summary>Headers and half a body, then silence until the client gives up.</summary>
    Hang,

    /// <summary>Half the body, complete as far as HTTP goes.</summary>
    Truncated,

    /// <summary>Half the body of an announced length, then the connection is cut.</summary>
    BrokenOff,

    /// <summary>HTTP 302 to another place.</summary>
    Redirect,

    /// <summary>A right body of <c>arg</c> MiB (default 10).</summary>
    Huge,

    /// <summary>A gzip bomb: a right body of <c>arg</c> MiB (default 50), packed.</summary>
    Bomb,

    /// <summary>The parcels asked for, without the first.</summary>
    MissingOne,

    /// <summary>
    /// The body given by <c>PUT /_body</c>, with its status and content type; one given with <c>?path=</c> answers paths that
    /// end so, or a method and a whole path (<c>POST /things</c>). <c>?header=Name:value</c> adds a header.
    /// </summary>
    Body,
}

internal sealed class StubServer(StubOptions options)
{
    private sealed record FixedBody(byte[] Bytes, string ContentType, int Status, string? Header = null);

    private readonly ConcurrentDictionary<string, byte[]> _parcels = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<DateTimeOffset>> _asked = new();
    private (StubMode Mode, int? Arg, int Left) _mode = (StubMode.Normal, null, -1);
    private readonly ConcurrentDictionary<string, FixedBody> _bodies = new()
    {
        [""] = new([], "application/json", 200),
    };
    private readonly ConcurrentQueue<string> _paths = new();
    private string _lastRequest = "";
    private long _requests;
    private int _inFlight;
    private int _mostInFlight;

    public static WebApplication Build(StubOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, options.Port));
        var app = builder.Build();
        var stub = new StubServer(options);
        app.MapPut("/_mode/{mode}", stub.SetMode);
        app.MapPut("/_parcels/{number}", stub.PutParcelAsync);
        app.MapDelete("/_parcels/{number}", (string number) => stub._parcels.TryRemove(number, out _));
        app.MapPut("/_body", stub.PutBodyAsync);
        app.MapGet("/_stats", stub.Stats);
        app.MapDelete("/_stats", stub.Forget);
        app.Map("/{**path}", stub.AnswerAsync);
        return app;
    }

    // ?arg=N for the mode's number, ?times=N to fall back to Normal after N answers.
    private IResult SetMode(string mode, int? arg, int? times)
    {
        if (!Enum.TryParse<StubMode>(mode.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var parsed))
            return Results.BadRequest($"Known modes: {string.Join(", ", Enum.GetNames<StubMode>())}");
        lock (_parcels)
            _mode = (parsed, arg, times ?? -1);
        return Results.NoContent();
    }

    private async Task PutParcelAsync(string number, HttpRequest request) =>
        _parcels[number] = await BytesAsync(request);

    private async Task PutBodyAsync(HttpRequest request, int? status, string? path, string? header)
    {
        // The one for every path makes a new beginning.
        if (path is null)
            _bodies.Clear();
        _bodies[path ?? ""] = new(
            await BytesAsync(request),
            request.ContentType ?? "application/json",
            status ?? 200,
            header
        );
        SetMode(nameof(StubMode.Body), null, null);
    }

    private FixedBody BodyFor(HttpRequest request) =>
        _bodies
            .Where(b => $"{request.Method} {request.Path}".EndsWith(b.Key, StringComparison.Ordinal))
            .MaxBy(b => b.Key.Length)
            .Value
        ?? new([], "application/json", 404);

    private object Stats() =>
        new
        {
            requests = Interlocked.Read(ref _requests),
            mostInFlight = _mostInFlight,
            lastRequest = _lastRequest,
            paths = options.Synthetic == 0 ? _paths.ToArray() : [],
            numbers = _asked.ToDictionary(n => n.Key, n => n.Value.ToArray()),
        };

    private void Forget()
    {
        _asked.Clear();
        _paths.Clear();
        Interlocked.Exchange(ref _requests, 0);
        _mostInFlight = 0;
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var now = TimeProvider.System.GetUtcNow();
        var numbers = http.Request.Query["mailNos"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries);
        Interlocked.Increment(ref _requests);
        _lastRequest = await WrittenAsync(http.Request);
        if (options.Synthetic == 0)
            _paths.Enqueue($"{http.Request.Method} {http.Request.Path}");
        // Like the real one; a polite client never sends it back.
        http.Response.Headers.SetCookie = "XSRF-TOKEN=sample; Path=/";
        foreach (var number in numbers)
            if (options.Synthetic == 0 || _asked.Count < 10_000)
                _asked.GetOrAdd(number, _ => new()).Enqueue(now);
        var inFlight = Interlocked.Increment(ref _inFlight);
        _mostInFlight = Math.Max(_mostInFlight, inFlight);
        try
        {
            await AnswerAsync(http, numbers);
        }
        catch (OperationCanceledException)
        {
            // The client went away: what some modes are for.
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private async Task AnswerAsync(HttpContext http, string[] numbers)
    {
        var gone = http.RequestAborted;
        var (mode, arg) = NextMode();
        switch (mode)
        {
            case StubMode.Normal:
                await WriteAsync(http, Envelope(numbers));
                break;
            case StubMode.MissingOne:
                await WriteAsync(http, Envelope(numbers.Skip(1)));
                break;
            case StubMode.BlockPage:
                await WriteAsync(
                    http,
                    "<!doctype html><div id=\"baxia-punish\" class=\"punish-component\"></div>"u8.ToArray(),
                    "text/html"
                );
                break;
            case StubMode.TooMany:
                http.Response.StatusCode = 429;
                if (arg != 0)
                    http.Response.Headers.RetryAfter = (arg ?? 120).ToString(CultureInfo.InvariantCulture);
                break;
            case StubMode.Reset:
                http.Abort();
                break;
            case StubMode.Error:
                http.Response.StatusCode = arg ?? 500;
                await WriteAsync(http, "<html><title>Trouble</title></html>"u8.ToArray(), "text/html");
                break;
            case StubMode.Slow:
                await Task.Delay(arg ?? 3000, gone);
                await WriteAsync(http, Envelope(numbers));
                break;
            case StubMode.Hang:
                var whole = Envelope(numbers);
                http.Response.ContentType = "application/json";
                http.Response.ContentLength = whole.Length;
                await http.Response.Body.WriteAsync(whole.AsMemory(0, whole.Length / 2), gone);
                await http.Response.Body.FlushAsync(gone);
                await Task.Delay(Timeout.Infinite, gone);
                break;
            case StubMode.Truncated:
                var cut = Envelope(numbers);
                await WriteAsync(http, cut[..(cut.Length / 2)]);
                break;
            case StubMode.BrokenOff:
                var broken = Envelope(numbers);
                http.Response.ContentType = "application/json";
                http.Response.ContentLength = broken.Length;
                await http.Response.Body.WriteAsync(broken.AsMemory(0, broken.Length / 2), gone);
                await http.Response.Body.FlushAsync(gone);
                http.Abort();
                break;
            case StubMode.Redirect:
                http.Response.Redirect("http://elsewhere.invalid/_____tmd_____/punish");
                break;
            case StubMode.Huge:
                await WritePaddedAsync(http, http.Response.Body, numbers, arg ?? 10);
                break;
            case StubMode.Bomb:
                http.Response.Headers.ContentEncoding = "gzip";
                await using (
                    var packed = new System.IO.Compression.GZipStream(
                        http.Response.Body,
                        System.IO.Compression.CompressionLevel.Fastest
                    )
                )
                    await WritePaddedAsync(http, packed, numbers, arg ?? 50);
                break;
            case StubMode.Body:
                var body = BodyFor(http.Request);
                http.Response.StatusCode = body.Status;
                if (body.Header?.Split(':', 2) is [var name, var value])
                    http.Response.Headers[name] = value;
                await WriteAsync(http, body.Bytes, body.ContentType);
                break;
            default:
                throw new InvalidOperationException($"No such mode: {mode}");
        }
    }

    private (StubMode Mode, int? Arg) NextMode()
    {
        lock (_parcels)
        {
            var (mode, arg, left) = _mode;
            if (left > 0)
                _mode = left == 1 ? (StubMode.Normal, null, -1) : (mode, arg, left - 1);
            return (mode, arg);
        }
    }

    private byte[] Envelope(IEnumerable<string> numbers)
    {
        var body = new MemoryStream();
        body.Write("{\"module\":["u8);
        var first = true;
        foreach (var number in numbers)
        {
            if (!first)
                body.WriteByte((byte)',');
            first = false;
            body.Write(Parcel(number));
        }
        body.Write("],\"success\":true}"u8);
        return body.ToArray();
    }

    private byte[] Parcel(string number)
    {
        if (_parcels.TryGetValue(number, out var put))
            return put;
        // Only letters and digits ever become a file's name.
        if (options.Folder is { } folder && number.All(char.IsAsciiLetterOrDigit))
        {
            var file = Path.Combine(folder, $"{number}.json");
            if (File.Exists(file))
                return File.ReadAllBytes(file);
        }
        return options.Synthetic > 0
            ? _parcels.GetOrAdd("", _ => Synthetic.Events(options.Synthetic)) is var events
                ? Synthetic.Parcel(number, events)
                : []
            : Encoding.UTF8.GetBytes($"{{\"mailNo\":\"{number}\",\"mailNoSource\":\"EXTERNAL\",\"detailList\":[]}}");
    }

    private static Task WriteAsync(HttpContext http, byte[] body, string contentType = "application/json;charset=UTF-8")
    {
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }

    /// <summary>The right answer with so many MiB of blanks before its last brace.</summary>
    private async Task WritePaddedAsync(HttpContext http, Stream body, string[] numbers, int mebibytes)
    {
        http.Response.ContentType = "application/json";
        var answer = Envelope(numbers);
        var blanks = Enumerable.Repeat((byte)' ', 1024 * 1024).ToArray();
        await body.WriteAsync(answer.AsMemory(0, answer.Length - 1), http.RequestAborted);
        for (var i = 0; i < mebibytes; i++)
            await body.WriteAsync(blanks, http.RequestAborted);
        await body.WriteAsync("}"u8.ToArray(), http.RequestAborted);
    }

    private static async Task<string> WrittenAsync(HttpRequest request) =>
        string.Join(
            '\n',
            request
                .Headers.Select(header => $"{header.Key}: {header.Value}")
                .Prepend($"{request.Method} {request.Path}{request.QueryString}")
                .Append("")
                .Append(request.ContentLength > 0 ? Encoding.UTF8.GetString(await BytesAsync(request)) : "")
        );

    private static async Task<byte[]> BytesAsync(HttpRequest request)
    {
        var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return body.ToArray();
    }
}

/// <summary>Parcels for measuring: the size and shape of real ones.</summary>
internal static class Synthetic
{
    private static readonly string[] Codes =
    [
        "GWMS_ACCEPT",
        "GWMS_PACKAGE",
        "GWMS_OUTBOUND",
        "PU_PICKUP_SUCCESS",
        "SC_INBOUND_SUCCESS",
        "SC_OUTBOUND_SUCCESS",
        "LH_HO_IN_SUCCESS",
        "CC_EX_START",
        "CC_EX_SUCCESS",
        "LH_HO_AIRLINE",
        "LH_DEPART",
        "LH_ARRIVE",
        "CC_HO_IN_SUCCESS",
        "CC_IM_SUCCESS",
        "CC_HO_OUT_SUCCESS",
        "GTMS_ACCEPT",
        "GTMS_SC_ARRIVE",
        "GTMS_SC_DEPART",
    ];

    /// <summary>So many events, newest first, an hour apart, up to the day before yesterday: no parcel of a measurement stalls.</summary>
    public static byte[] Events(int count)
    {
        var start = TimeProvider.System.GetUtcNow().Date.AddDays(-1).AddHours(-count);
        var events = new StringBuilder("[");
        for (var i = count - 1; i >= 0; i--)
        {
            var wall = start.AddHours(i);
            var time = new DateTimeOffset(wall, TimeSpan.FromHours(8)).ToUnixTimeMilliseconds();
            var code = Codes[Math.Min(i, Codes.Length - 1)];
            events.Append(
                CultureInfo.InvariantCulture,
                $"{(i == count - 1 ? "" : ",")}{{\"time\":{time},\"timeStr\":\"{wall:yyyy-MM-dd HH:mm:ss}\",\"desc\":\"Step {i} done\",\"standerdDesc\":\"[Place {i}] Processing at sorting centre\",\"descTitle\":\"Carrier note:\",\"timeZone\":\"GMT+8\",\"actionCode\":\"{code}\",\"group\":{{\"nodeCode\":\"AE_GROUP_SC_PROCESSING\",\"nodeDesc\":\"At sorting centre\",\"currentIconUrl\":\"https://img.example.test/icon-c.png\",\"historyIconUrl\":\"https://img.example.test/icon-h.png\"}}}}"
            );
        }
        return Encoding.UTF8.GetBytes(events.Append(']').ToString());
    }

    public static byte[] Parcel(string number, byte[] events) =>
        [
            .. Encoding.UTF8.GetBytes(
                $"{{\"mailNo\":\"{number}\",\"originCountry\":\"Mainland China\",\"destCountry\":\"France\",\"status\":\"DELIVERING\",\"mailNoSource\":\"AE\",\"detailList\":"
            ),
            .. events,
            (byte)'}',
        ];
}
