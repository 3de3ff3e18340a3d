namespace Streams.Api;

/// <summary>Follows the cluster's feed for as long as the process lives, and fills the mirror.</summary>
internal sealed partial class FeedFollower(IGrainFactory grains, FeedMirror mirror, ApiInstruments instruments, TimeProvider time, ILogger<FeedFollower> logger) : BackgroundService
{
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = IFeedGrain.LongestWait + TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
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
