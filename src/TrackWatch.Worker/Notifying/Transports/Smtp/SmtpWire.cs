using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using TrackWatch.Worker.Configuration;

namespace TrackWatch.Worker.Notifying.Transports.Smtp;

/// <summary>
/// The bytes of one connection. Every step has its own time limit, ends at the caller's cancellation, and turns network
/// trouble into a <see cref="SubmissionException"/>; after one the connection is good for nothing.
/// </summary>
internal sealed class SmtpWire : IDisposable
{
    // RFC 5321 allows 512 bytes a line; some servers write more. What exceeds these is no mail server.
    private const int LongestLine = 4096;
    private const int MostLines = 100;
    private const int WriteSize = 64 * 1024;

    private readonly MailServer _server;
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _read = new byte[LongestLine];
    private int _start;
    private int _end;
    private Stream _stream = Stream.Null;
    private string? _certificateFault;

    private SmtpWire(MailServer server) => _server = server;

    public bool IsEncrypted => _stream is SslStream;

    /// <summary>An address literal (RFC 5321 4.1.3): always true, where a laptop's or container's host name is none.</summary>
    public string LocalName
    {
        get
        {
            var ip = ((IPEndPoint)_socket.LocalEndPoint!).Address;
            if (ip.IsIPv4MappedToIPv6)
                ip = ip.MapToIPv4();
            return ip.AddressFamily == AddressFamily.InterNetworkV6
                ? $"[IPv6:{new IPAddress(ip.GetAddressBytes())}]"
                : $"[{ip}]";
        }
    }

    public static async Task<SmtpWire> ConnectAsync(MailServer server, CancellationToken ct)
    {
        var wire = new SmtpWire(server);
        try
        {
            await wire.StepAsync(
                "a connection",
                server.StepTimeout,
                async limit =>
                {
                    await wire._socket.ConnectAsync(server.Host, server.Port, limit);
                    wire._stream = new NetworkStream(wire._socket, ownsSocket: true);
                    return true;
                },
                ct
            );
            if (server.Security == MailSecurity.Tls)
                await wire.EncryptAsync(ct);
            return wire;
        }
        catch
        {
            wire.Dispose();
            throw;
        }
    }

    /// <summary>From here on everything is encrypted and the server is who it says.</summary>
    public Task EncryptAsync(CancellationToken ct)
    {
        // Whatever was said before TLS came from anybody; taken as an answer given inside TLS it would be obeyed.
        if (_start != _end)
            throw SmtpTrouble.That(
                _server,
                "sent more than its answer to STARTTLS before TLS began; somebody may be meddling with the connection."
            );
        return StepAsync(
            "the TLS handshake",
            _server.StepTimeout,
            async limit =>
            {
                var tls = new SslStream(_stream);
                _stream = tls;
                await tls.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions
                    {
                        TargetHost = _server.Host,
                        RemoteCertificateValidationCallback = IsTrusted,
                        CertificateChainPolicy = _server.Roots is { } roots ? ChainTo(roots) : null,
                    },
                    limit
                );
                return true;
            },
            ct
        );
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, string step, CancellationToken ct)
    {
        for (var rest = bytes; rest.Length > 0; rest = rest[Math.Min(WriteSize, rest.Length)..])
        {
            var piece = rest[..Math.Min(WriteSize, rest.Length)];
            await StepAsync(
                step,
                _server.StepTimeout,
                async limit =>
                {
                    await _stream.WriteAsync(piece, limit);
                    return true;
                },
                ct
            );
        }
    }

    /// <param name="step">What the answer is to, for the person who reads that it did not come.</param>
    public Task<SmtpReply> ReadReplyAsync(string step, TimeSpan within, CancellationToken ct) =>
        StepAsync(step, within, ReadReplyAsync, ct);

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    private async ValueTask<SmtpReply> ReadReplyAsync(CancellationToken limit)
    {
        var code = 0;
        var lines = new List<string>();
        while (lines.Count < MostLines)
        {
            var line = await ReadLineAsync(limit);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), out var said) || said is < 200 or > 599)
                throw SmtpTrouble.NotSmtp(_server, line);
            if (lines.Count > 0 && said != code)
                throw SmtpTrouble.That(_server, $"mixed the codes {code} and {said} in one answer.");
            code = said;
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] != '-')
                return new SmtpReply(code, lines);
        }
        throw SmtpTrouble.That(_server, $"gave an answer of more than {MostLines} lines.");
    }

    private async ValueTask<string> ReadLineAsync(CancellationToken limit)
    {
        while (true)
        {
            var end = _read.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (end >= 0)
            {
                var line = Encoding.UTF8.GetString(_read, _start, end).TrimEnd('\r');
                _start += end + 1;
                return line;
            }
            _read.AsSpan(_start, _end - _start).CopyTo(_read);
            (_start, _end) = (0, _end - _start);
            if (_end == _read.Length)
                throw SmtpTrouble.That(_server, $"gave an answer with a line of more than {LongestLine} bytes.");
            var count = await _stream.ReadAsync(_read.AsMemory(_end), limit);
            if (count == 0)
                throw SmtpTrouble.That(_server, "closed the connection.");
            _end += count;
        }
    }

    private async Task<T> StepAsync<T>(
        string step,
        TimeSpan within,
        Func<CancellationToken, ValueTask<T>> act,
        CancellationToken ct
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(within);
        try
        {
            return await act(limit.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw SmtpTrouble.NoAnswer(_server, step, within, e);
        }
        catch (AuthenticationException e)
        {
            throw _certificateFault is { } fault
                ? SmtpTrouble.Certificate(_server, fault, e)
                : SmtpTrouble.NoTls(_server, e);
        }
        catch (SocketException e)
        {
            throw SmtpTrouble.Unreachable(_server, e);
        }
        catch (IOException e) when (_stream is SslStream { IsAuthenticated: false })
        {
            throw SmtpTrouble.NoTls(_server, e);
        }
        catch (IOException e)
        {
            throw SmtpTrouble.Broken(_server, step, e);
        }
    }

    /// <summary>Decides nothing of its own, but keeps the reason: the exception's text does not tell a person what to mend.</summary>
    private bool IsTrusted(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        _certificateFault =
            errors == SslPolicyErrors.None ? null
            : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) && shown is X509Certificate2 certificate
                ? $"its certificate is for {certificate.GetNameInfo(X509NameType.DnsName, false)}."
            : $"its certificate is not trusted ({string.Join(", ", chain?.ChainStatus.Select(s => s.Status) ?? [])}).";
        return errors == SslPolicyErrors.None;
    }

    private static X509ChainPolicy ChainTo(X509Certificate2Collection roots)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }
}
