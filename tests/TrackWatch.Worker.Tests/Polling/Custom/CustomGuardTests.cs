using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using TrackWatch.Domain.Polling;
using TrackWatch.TestKit.Providers;
using TrackWatch.TestKit.Smtp;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Tests.Polling.Custom;

/// <summary>A source that came with somebody's settings is kept out of the network TrackWatch runs in.</summary>
public sealed class CustomGuardTests
{
    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("100.100.100.200", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("ff02::1", false)]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("100.128.0.1", true)]
    [InlineData("2a00:1450:4001:830::200e", true)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("64:ff9b::808:808", true)]
    public void Only_addresses_of_the_public_internet_are_public(string address, bool isPublic) =>
        PublicNetwork.Has(IPAddress.Parse(address)).ShouldBe(isPublic);

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1 is no address of the public internet; allow_private: true lets it be asked.")]
    [InlineData("[::1]", "::1 is no address of the public internet")]
    [InlineData("10.255.255.1", "10.255.255.1 is no address of the public internet")]
    [InlineData("localhost", "localhost resolves to ")]
    public async Task A_private_address_is_refused_at_the_moment_of_connecting(string host, string why)
    {
        await using var stub = await ProviderStubProcess.StartAsync();
        using var asking = new HttpAsking(TimeSpan.FromSeconds(5), TimeProvider.System, publicOnly: true);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{host}:{stub.Url.Port}/x");

        var answer = (await asking.AskAsync(request, default)).ShouldBeOfType<HttpAnswer.NoAnswer>();

        answer.Why.ShouldStartWith(why);
        (await stub.StatsAsync()).Requests.ShouldBe(0);
    }

    [Fact]
    public async Task What_resolves_to_a_private_address_is_only_asked_where_the_settings_allow_it()
    {
        await using var stub = await ProviderStubProcess.StartAsync();
        await stub.PutBodyAsync("""{"e":[{"t":"2026-10-01"}]}"""u8.ToArray());
        var yaml = $"url: {stub.Url}{{number}}\nlist: e\ntime: t\nallow_private: true\n";
        var settings = Some.Settings(yaml);

        // The checks refuse http without it; whoever gets past them finds the connection closed too.
        (await AskAsync(settings with { AllowPrivate = false }))
            .ShouldBeOfType<ProviderReply.Trouble>()
            .Outcome.Trouble!.ShouldContain("no address of the public internet");
        (await AskAsync(settings)).ShouldBeOfType<ProviderReply.Entries>();
    }

    [Theory]
    [InlineData("localhost", "nobody this machine trusts has signed it")]
    [InlineData("127.0.0.1", "it is for another host")]
    public async Task A_certificate_that_is_not_accepted_says_why(string host, string why)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeTlsAsync(listener);
        using var asking = new HttpAsking(TimeSpan.FromSeconds(10), TimeProvider.System);
        var authority = $"{host}:{((IPEndPoint)listener.LocalEndpoint).Port}";
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{authority}/");

        var answer = await asking.AskAsync(request, default);

        answer.ShouldBe(new HttpAnswer.NoAnswer($"The certificate of {authority} is not accepted: {why}."));
        await serving;
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_told_from_a_host_that_is_away()
    {
        using var asking = new HttpAsking(TimeSpan.FromSeconds(20), TimeProvider.System);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://no-such-host.invalid/");

        (await asking.AskAsync(request, default)).ShouldBe(
            new HttpAnswer.NoAnswer("The name no-such-host.invalid could not be resolved.")
        );
    }

    private static async Task<ProviderReply> AskAsync(CustomSettings settings)
    {
        using var provider = Some.Provider("made-up", settings);
        return await provider.AskAsync([new PollQuestion("LU900000018FR", DateTimeOffset.UnixEpoch)], default);
    }

    private static async Task ServeTlsAsync(TcpListener listener)
    {
        using var certificate = X509Certificate2.CreateFromPem(
            TestAuthority.Instance.ServerPem,
            TestAuthority.Instance.ServerPem
        );
        using var client = await listener.AcceptTcpClientAsync();
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsServerAsync(certificate);
            // In TLS 1.3 the client says no after the server is done.
            _ = await tls.ReadAsync(new byte[1]);
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // It hung up, as it should.
        }
    }
}
