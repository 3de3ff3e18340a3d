using System.Threading.Channels;

namespace MediaMtx.Standin.Media;

/// <summary>
/// The queue between a stream and one reader. It never holds the publisher up: a frame that finds it full is dropped and counted.
/// </summary>
/// <param name="size">How many frames wait at most.</param>
/// <param name="wantsFlv">Whether the reader needs <see cref="Frame.FlvBody"/>.</param>
internal sealed class FrameQueue(int size, bool wantsFlv)
{
    private readonly Channel<Frame> _frames = Channel.CreateBounded<Frame>(
        new BoundedChannelOptions(size) { SingleReader = true, SingleWriter = true });

    private long _discarded;

    public bool WantsFlv => wantsFlv;

    public ChannelReader<Frame> Frames => _frames.Reader;

    /// <summary>Frames dropped because the reader was too slow.</summary>
    public long Discarded => Interlocked.Read(ref _discarded);

    public void Push(Frame frame)
    {
        if (!_frames.Writer.TryWrite(frame))
        {
            Interlocked.Increment(ref _discarded);
        }
    }
}
