using System.Net;
using System.Net.Sockets;

namespace Gfxbake.Host.Tests.Fakes;

/// <summary>
/// Serves a folder over HTTP on this machine's own address, so that containers reach it too, whatever their engine calls the host.
/// </summary>
internal sealed class FileServer : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly string folder;

    public FileServer(string folder)
    {
        this.folder = folder;
        using (var free = new TcpListener(OwnAddress(), 0))
        {
            free.Start();
            Address = $"http://{free.LocalEndpoint}";
        }

        listener.Prefixes.Add(Address + "/");
        listener.Start();
        _ = Task.Run(Serve);
    }

    /// <summary>Without a slash at its end.</summary>
    public string Address { get; }

    public void Dispose() => listener.Close();

    // Asking for a way to an address of the documentation sends nothing.
    private static IPAddress OwnAddress()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Connect("192.0.2.1", 9);
            return ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            return IPAddress.Loopback;
        }
    }

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                var call = await listener.GetContextAsync();
                _ = Task.Run(() => Answer(call));
            }
        }
        catch (Exception exception) when (exception is ObjectDisposedException or HttpListenerException)
        {
            // The test is over.
        }
    }

    private async Task Answer(HttpListenerContext call)
    {
        try
        {
            var path = Path.GetFullPath(folder + Uri.UnescapeDataString(call.Request.Url!.AbsolutePath));
            if (path.StartsWith(folder + "/", StringComparison.Ordinal) && File.Exists(path))
            {
                await using var file = File.OpenRead(path);
                call.Response.ContentLength64 = file.Length;
                if (call.Request.HttpMethod == "GET")
                    await file.CopyToAsync(call.Response.OutputStream);
            }
            else
            {
                call.Response.StatusCode = 404;
            }

            call.Response.Close();
        }
        catch (Exception exception) when (exception is IOException or HttpListenerException or ObjectDisposedException)
        {
            // The client went away.
        }
    }
}
