// Asks for confirmation in a dialog: with the form of the page that asks for it without script.
import { announce } from './connection.js';
import { fetchDocument } from './morph.js';

const dialog = document.getElementById('confirm');

// The form leads to that page; done is called when the command was taken.
export async function openCommand(form, done) {
  const opener = form.querySelector('button');
  let asked;
  try {
    ({ page: asked } = await fetchDocument(form.action));
  } catch {
    announce('The service does not answer');
    return;
  }

  if (!show(asked, done)) {
    location.assign(form.action);
    return;
  }

  dialog.addEventListener('close', () => (opener.isConnected ? opener : document.querySelector('#commands button'))?.focus(), { once: true });
  dialog.showModal();
  focusFirst();
}

function show(page, done) {
  const form = page.getElementById('command');
  if (!form) {
    return false;
  }

  const own = document.importNode(form, true);
  own.addEventListener('submit', event => {
    event.preventDefault();
    send(own, done);
  });
  own.querySelector('[data-cancel]').addEventListener('click', event => {
    event.preventDefault();
    dialog.close();
  });
  dialog.replaceChildren(own);
  focusFirst();
  return true;
}

const focusFirst = () => dialog.querySelector('select, [type=submit]').focus();

async function send(form, done) {
  const button = form.querySelector('[type=submit]');
  button.disabled = true;
  try {
    const { response, page } = await fetchDocument(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
    if (response.ok && response.redirected) {
      dialog.close();
      done();
    } else if (!show(page, done)) {
      refuse(form, 'The service refused it. Load this page again.');
    }
  } catch {
    refuse(form, 'The service does not answer. It is not known whether the command was taken.');
  }
}

function refuse(form, why) {
  form.querySelector('[type=submit]').disabled = false;
  form.querySelector('.refusal')?.remove();
  const refusal = Object.assign(document.createElement('p'), { className: 'refusal', textContent: why });
  refusal.setAttribute('role', 'alert');
  form.querySelector('.choices').before(refusal);
}
