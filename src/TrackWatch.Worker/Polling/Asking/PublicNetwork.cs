using System.Net;
using System.Net.Sockets;

namespace TrackWatch.Worker.Polling.Asking;

/// <summary>
/// Keeps a source that came with somebody's configuration out of the network TrackWatch runs in. A name is judged by what it
/// resolves to at the moment of connecting, so that no name can pass the check and lead elsewhere afterwards.
/// </summary>
internal static class PublicNetwork
{
    /// <summary>Special-purpose ranges of IANA's registry (RFC 6890 and its successors) that are no place of the public internet.</summary>
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
            // 6to4 and Teredo carry an IPv4 address inside.
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20",
        }.Select(range => IPNetwork.Parse(range)),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    /// <summary>IPv4 addresses as a network without IPv4 writes them (RFC 6052).</summary>
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    public static bool Has(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        else if (Translated.Contains(address))
            address = new IPAddress(address.GetAddressBytes().AsSpan(12));
        return (address.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(address))
            && !Array.Exists(Special, range => range.Contains(address));
    }

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="PrivateAddressException">The host is, or resolves to, an address that is not public.</exception>
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var (asked, tunnelled) = AskedHost(context.InitialRequestMessage);
        var next = context.DnsEndPoint;
        var addresses = await Dns.GetHostAddressesAsync(next.Host, ct);
        // The machine's owner chose the proxy, wherever it stands; what it is to be asked for is looked at all the same.
        var judged =
            tunnelled || !next.Host.Equals(asked, StringComparison.OrdinalIgnoreCase)
                ? await ResolvedAsync(asked, ct)
                : addresses;
        if (Array.Find(judged, address => !Has(address)) is { } inside)
            throw new PrivateAddressException(asked, inside);

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, next.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Whom the request is for; one that opens a tunnel is addressed to the proxy, and names its end in a header.</summary>
    private static (string Host, bool Tunnelled) AskedHost(HttpRequestMessage request) =>
        request.Method == HttpMethod.Connect
            ? (new Uri($"https://{request.Headers.Host}").IdnHost, true)
            : (request.RequestUri!.IdnHost, false);

    /// <summary>Behind a proxy a name need not resolve here; the proxy knows it then.</summary>
    private static async Task<IPAddress[]> ResolvedAsync(string host, CancellationToken ct)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, ct);
        }
        catch (SocketException)
        {
            return [];
        }
    }
}

/// <summary>A source that may only stand in the public internet does not.</summary>
internal sealed class PrivateAddressException(string host, IPAddress address)
    : IOException(
        host == address.ToString()
            ? $"{host} is no address of the public internet; allow_private: true lets it be asked."
            : $"{host} resolves to {address}, which is no address of the public internet; allow_private: true lets it be asked."
    );
