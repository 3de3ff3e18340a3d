namespace MediaMtx.Standin.Rtsp;

/// <summary>What a session has received and sent.</summary>
internal sealed class RtspCounters
{
    private long _inboundBytes;
    private long _inboundPackets;
    private long _inboundErrors;
    private long _inboundReports;
    private long _outboundBytes;
    private long _outboundPackets;
    private long _outboundReports;

    public long InboundBytes => Interlocked.Read(ref _inboundBytes);

    public long InboundPackets => Interlocked.Read(ref _inboundPackets);

    public long InboundErrors => Interlocked.Read(ref _inboundErrors);

    public long InboundReports => Interlocked.Read(ref _inboundReports);

    public long OutboundBytes => Interlocked.Read(ref _outboundBytes);

    public long OutboundPackets => Interlocked.Read(ref _outboundPackets);

    public long OutboundReports => Interlocked.Read(ref _outboundReports);

    public void ReceivedPacket(int bytes)
    {
        Interlocked.Increment(ref _inboundPackets);
        Interlocked.Add(ref _inboundBytes, bytes);
    }

    public void ReceivedReport() => Interlocked.Increment(ref _inboundReports);

    public void FailedPacket() => Interlocked.Increment(ref _inboundErrors);

    public void SentPackets(int count, int bytes)
    {
        Interlocked.Add(ref _outboundPackets, count);
        Interlocked.Add(ref _outboundBytes, bytes);
    }

    public void SentReport()
    {
        Interlocked.Increment(ref _outboundReports);
        Interlocked.Add(ref _outboundBytes, SenderReport.Size);
    }
}
