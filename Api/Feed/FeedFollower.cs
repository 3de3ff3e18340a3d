namespace Streams.Api;

/// <summary>Follows the cluster's feed for as long as the process lives, and fills the mirror.</summary>
internal sealed partial class FeedFollower(IGrainFactory grains, FeedMirror mirror, ApiInstruments instruments, TimeProvider time, ILogger<FeedFollower> logger) : BackgroundService
{
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = IFeedGrain.LongestWait + TimeSpan.FromSeconds(5);

    /// <summary>How often the feed hears that clients want progress; it forgets that later than this.</summary>
    private static readonly TimeSpan WatchPeriod = IFeedGrain.WatchLasts / 3;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Follow(stoppingToken), WatchForClients(stoppingToken));

    /// <summary>Progress costs most of what the feed costs: silos publish each report only while there are clients.</summary>
    private async Task WatchForClients(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await mirror.HasClients.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested)
            {
                grains.GetGrain<IFeedGrain>(IFeedGrain.Key).WatchProgress().Ignore(); // Told again; whether the feed answers is seen by following it.
                await Task.Delay(WatchPeriod, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task Follow(CancellationToken stoppingToken)
    {
        bool isAway = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                FeedPage page = await grains.GetGrain<IFeedGrain>(IFeedGrain.Key).Next(mirror.Position).WaitAsync(Patience, time, stoppingToken);
                mirror.Take(page);
                Measure(page);
                isAway = false;
                if (page.Items.IsEmpty)
                {
                    await Task.Delay(Breath, time, stoppingToken); // A silo that ends answers at once, again and again.
                }
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                if (!isAway)
                {
                    LogAway(failure.Message);
                }

                isAway = true;
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Measure(FeedPage page)
    {
        if (!page.IsReset)
        {
            DateTimeOffset now = time.GetUtcNow();
            foreach (FeedItem item in page.Items)
            {
#pragma warning disable RS0030 // Two processes: this one's clock and the silo's.
                instruments.TimeFeed(now - item.At);
#pragma warning restore RS0030
            }
        }
    }

    [LoggerMessage(1401, LogLevel.Warning, "The feed of the streams cannot be followed; trying again every second. Clients of the feed see nothing new meanwhile. {Reason}")]
    private partial void LogAway(string reason);
}
