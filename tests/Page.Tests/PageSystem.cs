using Microsoft.Playwright;
using Streams.Testing;
using Xunit;

namespace Streams.Page.Tests;

/// <summary>One system and one browser for all tests of this assembly. Streams have ids of their own, so that no test sees another's.</summary>
public sealed class PageSystem : IAsyncLifetime
{
    /// <summary>The profile whose worker writes hostile lines, and ends.</summary>
    public const string HostileProfile = "hostile";

    /// <summary>What nobody may take for markup.</summary>
    public const string Hostile = "<img src=x onerror=\"window.hurt=1\">'\"&</pre><script>window.hurt=1</script>";

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private StreamsSystem? _system;

    /// <summary>The silo with its page, and the stand-in for MediaMTX.</summary>
    public StreamsSystem System => _system ?? throw new InvalidOperationException("It has not been started.");

    /// <summary>Where the page is.</summary>
    public string Url => $"http://127.0.0.1:{System.ApiPort}";

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Program is null)
        {
            return; // Each test says so, and is skipped.
        }

        Dictionary<string, string> settings = FakeProfile.With("progress");
        settings["Streams__Workers__Profiles__hostile__Program"] = FakeWorker.Program;
        settings["Streams__Workers__Profiles__hostile__Arguments__0"] = "complain";
        settings["Streams__Workers__Profiles__hostile__Arguments__1"] = Hostile;
        Task<StreamsSystem> starting = StreamsSystem.Start(MediaServerKind.Standin, settings);
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.Start(_playwright);
        _system = await starting;
    }

    /// <summary>A browser window of its own, without anything from before; the test is skipped where there is no browser.</summary>
    public async Task<Visit> Visit(BrowserNewContextOptions? options = null)
    {
        Chromium.SkipWithout();
        return await Page.Tests.Visit.Begin(_browser!, Url, options ?? new());
    }

    /// <summary>Publishes streams, and waits until their workers get on.</summary>
    public async Task<string[]> Run(int count = 1, string name = "page", string query = "")
    {
        Chromium.SkipWithout();
        string[] ids = [.. Enumerable.Range(0, count).Select(_ => TestStream.NewId(name))];
        await Task.WhenAll(ids.Select(id => System.Media.StartSynthetic(id, query)));
        await Task.WhenAll(ids.Select(id => System.WaitForFrames(id)));
        return ids;
    }

    public async ValueTask DisposeAsync()
    {
        await (_browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        _playwright?.Dispose();
        await (_system?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
