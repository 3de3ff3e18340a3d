using System.Buffers.Binary;
using MediaMtx.Standin.Net;

namespace MediaMtx.Standin.Rtmp;

/// <summary>What a client asked for.</summary>
/// <param name="IsPublish">Whether it publishes; it plays otherwise.</param>
/// <param name="Address">Where.</param>
/// <param name="UserAgent">What it calls itself.</param>
/// <param name="CommandId">The number of its command.</param>
internal sealed record RtmpAction(bool IsPublish, StreamAddress Address, string UserAgent, double CommandId);

/// <summary>The commands before the media: connect, createStream, then publish or play.</summary>
internal sealed class RtmpCommands(ChunkReader reader, ChunkWriter writer)
{
    public const uint MediaStream = 1;
    private const uint Window = 2_500_000;
    private const int StatusChunkStream = 5;

    /// <summary>Answers a client until it says what it wants.</summary>
    public async ValueTask<RtmpAction> ReadAction()
    {
        List<object?> connect = await ReadCommand();
        if (connect is not ["connect", double connectId, Dictionary<string, object?> options, ..])
        {
            throw new InvalidDataException("unexpected first command");
        }

        string url = options.GetValueOrDefault("tcUrl") as string ?? options.GetValueOrDefault("tcurl") as string
            ?? throw new InvalidDataException("invalid connect command");
        string agent = options.GetValueOrDefault("flashVer") as string ?? "";
        await AcceptConnect(connectId);
        while (true)
        {
            switch (await ReadCommand())
            {
                case ["createStream", double id, ..]:
                    writer.Write(3, MessageType.CommandAmf0, 0, 0, Amf0.Write("_result", id, null, (double)MediaStream));
                    await writer.Flush();
                    break;
                case ["publish", double id, _, string key, ..]:
                    return new RtmpAction(true, StreamAddress.Join(url, key), agent, id);
                case ["play", double id, _, string key, ..]:
                    return new RtmpAction(false, StreamAddress.Join(url, key), agent, id);
            }
        }
    }

    public ValueTask AcceptPublish(RtmpAction action)
    {
        Status(action, "status", "NetStream.Publish.Start", "publish start");
        return writer.Flush();
    }

    public ValueTask AcceptPlay(RtmpAction action)
    {
        UserControl(4);
        UserControl(0);
        Status(action, "status", "NetStream.Play.Reset", "play reset");
        Status(action, "status", "NetStream.Play.Start", "play start");
        Status(action, "status", "NetStream.Data.Start", "data start");
        Status(action, "status", "NetStream.Play.PublishNotify", "publish notify");
        return writer.Flush();
    }

    public ValueTask Refuse(RtmpAction action)
    {
        Status(action, "error", action.IsPublish ? "NetStream.Publish.Unauthorized" : "NetStream.Play.Failed", "authentication failed");
        return writer.Flush();
    }

    private async ValueTask<List<object?>> ReadCommand()
    {
        while (true)
        {
            RtmpMessage message = await reader.Read();
            if (message.Type == MessageType.CommandAmf0)
            {
                return Amf0.Read(message.Body);
            }
        }
    }

    private ValueTask AcceptConnect(double id)
    {
        writer.WriteControl(MessageType.WindowAcknowledgementSize, Window);
        writer.WriteControl(MessageType.SetPeerBandwidth, Window, [2]);
        writer.UseLargeChunks();
        (string, object?)[] server = [("fmsVer", "LNX 9,0,124,2"), ("capabilities", 31.0)];
        (string, object?)[] result =
        [
            ("level", "status"),
            ("code", "NetConnection.Connect.Success"),
            ("description", "Connection succeeded."),
            ("objectEncoding", 0.0),
        ];
        writer.Write(3, MessageType.CommandAmf0, 0, 0, Amf0.Write("_result", id, server, result));
        return writer.Flush();
    }

    private void UserControl(ushort kind)
    {
        Span<byte> body = stackalloc byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(body, kind);
        BinaryPrimitives.WriteUInt32BigEndian(body[2..], MediaStream);
        writer.Write(2, MessageType.UserControl, 0, 0, body);
    }

    private void Status(RtmpAction action, string level, string code, string description)
    {
        (string, object?)[] status = [("level", level), ("code", code), ("description", description)];
        writer.Write(StatusChunkStream, MessageType.CommandAmf0, MediaStream, 0, Amf0.Write("onStatus", action.CommandId, null, status));
    }
}
