// Asks for the code that stands in the terminal; whoever has it gets a cookie and the page.

const form = document.querySelector('#pair');
const reason = document.querySelector('#reason');

form.addEventListener('submit', async event => {
  event.preventDefault();
  reason.textContent = '';
  try {
    const answer = await fetch('/pair', { method: 'POST', body: form.code.value });
    if (answer.ok) {
      location.replace('/');
      return;
    }
    reason.textContent = answer.headers.get('content-type')?.includes('json')
      ? (await answer.json()).reason
      : await answer.text();
  } catch {
    reason.textContent = 'oscbridge does not answer.';
  }
  form.code.select();
});
