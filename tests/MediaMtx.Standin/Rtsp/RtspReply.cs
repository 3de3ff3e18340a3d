namespace MediaMtx.Standin.Rtsp;

/// <summary>A server's answer, as a client receives it.</summary>
internal sealed record RtspReply(int Status, string Reason, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Header(string name) => Headers.GetValueOrDefault(name, "");
}
